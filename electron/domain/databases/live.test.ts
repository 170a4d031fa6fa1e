import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { HostStatus } from '../../../shared/contract/hosts.ts'
import {
  someDatabase,
  someHost,
  standingClock,
  temporaryFolder,
} from '../../adapters/sqlite/fixtures.ts'
import { openStores } from '../../adapters/sqlite/index.ts'
import { createStatusKeeper } from '../../adapters/ssh/host-status.ts'
import { createStoreTrouble } from '../app/store-trouble.ts'
import { createHostRegistry } from '../hosts/host-registry.ts'
import type { ContainerDetail, Docker, DockerEvent, Host } from '../ports.ts'
import { labelsOf } from './labels.ts'
import { createLiveView } from './live.ts'

// The store, its lock and the registry are real; the host, with the one container it tells of, is not.

function never(): never {
  throw new Error('this is not asked here')
}

let folder: ReturnType<typeof temporaryFolder>
let stop: () => void
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => {
  stop()
  folder[Symbol.dispose]()
})

function rig() {
  const clock = standingClock()
  const file = join(folder.path, 'quayside.db')
  const stores = openStores({ file, clock, busyMs: 1 })
  const record = someHost()
  const database = someDatabase(record, { state: 'ready' })
  stores.hosts.insert(record)
  stores.databases.insert(database)
  const container: ContainerDetail = {
    id: 'c1',
    name: database.containerName,
    image: database.image,
    imageId: 'sha256:1',
    state: 'running',
    statusText: 'Up 3 hours',
    labels: labelsOf(database),
    ports: [5432],
    exitCode: 0,
    oomKilled: false,
    error: '',
    restartCount: 0,
    startedAt: clock.at - 1000,
    finishedAt: null,
  }
  let happen: (event: DockerEvent) => void = () => undefined
  async function* events(): AsyncGenerator<DockerEvent> {
    for (;;) yield await new Promise<DockerEvent>((resolve) => (happen = resolve))
  }
  const docker = {
    listContainers: () => Promise.resolve([{ ...container, published: [] }]),
    inspectContainer: () => Promise.resolve({ ...container }),
    events,
  } satisfies Partial<Docker>
  const keeper = createStatusKeeper(clock)
  const host: Host = {
    get status() {
      return keeper.status
    },
    onStatus: keeper.onStatus,
    docker: () => docker as Partial<Docker> as Docker,
    ready: () => keeper.until(() => keeper.status.state === 'ready'),
    forward: never,
    reach: never,
    exec: never,
    stream: never,
    bulk: never,
    reconnect: () => undefined,
    hasten: () => undefined,
    close: () => Promise.resolve(),
  }
  const told: string[] = []
  const log = {
    info: () => undefined,
    error: (message: string) => told.push(message),
    warn: (message: string) => told.push(message),
  }
  const publish = () => undefined
  const connector = {
    open: () => host,
    check: never,
    runner: never,
    suggestions: never,
    trustHostKey: never,
  }
  const registry = createHostRegistry({ stores, publish, connector })
  const storeTrouble = createStoreTrouble({ log, publish })
  const live = createLiveView({ stores, registry, clock, publish, log, storeTrouble })
  const hold = new Database(file)
  stop = () => {
    live.stop()
    hold.close()
    stores.close()
  }
  const set = (state: HostStatus['state'], more: Partial<HostStatus> = {}) => {
    keeper.set({ state, error: null, ...more })
  }
  return {
    clock,
    stores,
    record,
    database,
    container,
    storeTrouble,
    live,
    told,
    registry,
    set,
    happen: () =>
      happen({ action: 'die', containerId: 'c1', labels: container.labels, at: clock.at }),
    /** Another program's lock on the data file. */
    lock: () => hold.exec('BEGIN IMMEDIATE'),
    unlock: () => hold.exec('ROLLBACK'),
    statusOf: () => {
      const state = live.stateOf(database)
      return typeof state === 'string' || state === null ? state : state.status
    },
    kept: () => stores.databases.get(database.id)?.lastKnown?.status,
  }
}

it('what a host told is true also where this computer can’t keep it, and is kept later', async () => {
  const on = rig()
  on.lock()
  on.live.follow(on.record.id)
  on.set('ready', { lastSeen: on.clock.at })
  await expect.poll(on.statusOf).toBe('running')
  expect(on.kept()).toBeUndefined()
  expect(on.storeTrouble.error()?.code).toBe('store_busy')
  Object.assign(on.container, { state: 'exited', exitCode: 1 })
  on.happen()
  await expect.poll(on.statusOf).toBe('failed')
  // Said once, and nothing is followed anew for it.
  expect(on.told).toEqual(['what hosts tell can not be kept for now'])
  on.unlock()
  Object.assign(on.container, { state: 'running', exitCode: 0 })
  on.happen()
  await expect.poll(on.kept).toBe('running')
  expect(on.storeTrouble.error()).toBeNull()
})

it('a look at a host counts also where this computer can’t keep it', async () => {
  const on = rig()
  on.registry.get(on.record.id)
  on.set('ready', { lastSeen: on.clock.at })
  on.lock()
  await on.live.look([on.record.id])
  expect(on.statusOf()).toBe('running')
})

it('a state is unknown since the host was heard of last, however old the last listing is', async () => {
  const on = rig()
  on.live.follow(on.record.id)
  on.set('ready', { lastSeen: on.clock.at })
  await expect.poll(on.statusOf).toBe('running')
  const heard = (on.clock.at += 3 * 60_000)
  on.set('ready', { lastSeen: heard })
  on.clock.at += 2_000
  on.set('lost')
  expect(on.statusOf()).toBeNull()
  const read = () => on.live.lastHeard(on.stores.databases.get(on.database.id) ?? on.database)
  expect(read()).toBe(heard)
})

it('a host whose Docker does not answer tells nothing, though it is seen', async () => {
  const on = rig()
  on.live.follow(on.record.id)
  on.set('ready', { lastSeen: on.clock.at })
  await expect.poll(on.statusOf).toBe('running')
  const heard = on.clock.at
  on.clock.at += 60_000
  on.set('degraded', {
    lastSeen: on.clock.at,
    error: { code: 'docker_down', message: 'Docker on harbour does not answer.' },
  })
  expect(on.statusOf()).toBeNull()
  expect(on.live.lastHeard(on.database)).toBe(heard)
})
