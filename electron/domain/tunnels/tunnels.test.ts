import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { TunnelView } from '../../../shared/contract/tunnels.ts'
import { createClock } from '../../adapters/clock/index.ts'
import { createLoopback } from '../../adapters/loopback/index.ts'
import { someDatabase, someHost, temporaryFolder } from '../../adapters/sqlite/fixtures.ts'
import { openStores } from '../../adapters/sqlite/index.ts'
import { createHostRegistry } from '../hosts/host-registry.ts'
import type { Clock, Stores } from '../ports.ts'
import { createTunnels, type Tunnels } from './tunnels.ts'
import { silentLog } from '../silent-log.ts'

// The app and a command on one store, each with its own connection and as a process of its own. The
// hosts are never called: no client connects.

const never = (): never => {
  throw new Error('No host is called here.')
}
let waits = 0
/** Waits are over sooner, and are counted. */
const clock: Clock = {
  ...createClock(),
  sleep: async (ms, signal) => {
    waits += 1
    await createClock()
      .sleep(ms / 30, signal)
      .finally(() => (waits -= 1))
  },
}
const host = someHost()
const shop = someDatabase(host, { state: 'ready', port: 5432 })
const databaseId = shop.id

let folder: ReturnType<typeof temporaryFolder>
let endings: (() => Promise<void> | void)[]
let news: string[]

beforeEach(() => {
  folder = temporaryFolder()
  news = []
  endings = [() => folder[Symbol.dispose]()]
})
afterEach(async () => {
  for (const end of endings.reverse()) await end()
})

/** A process on the store: the app, or a command. */
function processOn(pid: number, keeps: boolean): { stores: Stores; tunnels: Tunnels } {
  const stores = openStores({ file: join(folder.path, 'quayside.db'), clock, pid })
  const registry = createHostRegistry({
    stores,
    connector: {
      open: never,
      check: never,
      runner: never,
      suggestions: never,
      trustHostKey: never,
    },
    publish: () => undefined,
  })
  const tunnels = createTunnels({
    stores,
    registry,
    loopback: createLoopback(),
    clock,
    log: silentLog,
    keeps: () => keeps,
    publish: (event) => {
      if (keeps && event.type === 'changed') news.push(event.topic)
    },
  })
  endings.push(async () => {
    await tunnels.closeAll()
    stores.close()
  })
  return { stores, tunnels }
}

function theApp(): { stores: Stores; tunnels: Tunnels } {
  const app = processOn(process.pid, true)
  app.stores.hosts.insert(host)
  app.stores.databases.insert(shop)
  return app
}

/** A process that lives until it is killed, for a store to take for a command's. */
async function otherProcess(): Promise<{ pid: number; kill: () => Promise<void> }> {
  const child = spawn('sleep', ['60'])
  await once(child, 'spawn')
  const gone = once(child, 'exit')
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await gone
  }
  endings.push(kill)
  return { pid: child.pid ?? 0, kill }
}

it('a tunnel that a command holds is seen from the app, used, and closed by the command alone', async () => {
  const app = theApp()
  const command = processOn((await otherProcess()).pid, false)
  const { localPort } = await command.tunnels.open({ databaseId })

  const there: TunnelView = {
    databaseId,
    localPort,
    remotePort: 5432,
    movedFrom: null,
    armed: false,
    elsewhere: true,
    clients: [],
    openedAt: null,
  }
  expect(await app.tunnels.list({})).toEqual([there])
  expect(await app.tunnels.reach(databaseId)).toEqual({ localPort })
  await expect(app.tunnels.close({ databaseId })).rejects.toMatchObject({ code: 'busy' })
  expect(await app.tunnels.open({ databaseId })).toEqual({ ...there, armed: true })
  expect(await command.tunnels.list({})).toMatchObject([{ localPort, elsewhere: false }])

  // What was asked for here goes on at the same port, once the command has ended.
  await command.tunnels.close({ databaseId })
  await app.tunnels.settle()
  expect(await app.tunnels.list({})).toMatchObject([{ localPort, elsewhere: false, armed: true }])
})

it('one whose command was killed is told to be gone, though nobody wrote it down', async () => {
  const app = theApp()
  const { pid, kill } = await otherProcess()
  const { stores } = processOn(pid, false)
  stores.tunnels.hold(databaseId, { localPort: 15_432, owner: stores.processes.self })
  expect(await app.tunnels.list({})).toMatchObject([{ localPort: 15_432, elsewhere: true }])
  await kill()
  await vi.waitFor(() => expect(news).toContain('tunnels'))
  expect(await app.tunnels.list({})).toEqual([])
})

it('one to a database in the trash is none to use', async () => {
  const app = theApp()
  const command = processOn((await otherProcess()).pid, false)
  await command.tunnels.open({ databaseId })
  app.stores.databases.update(databaseId, { state: 'trash', deletedAt: clock.now() })
  expect(await app.tunnels.list({})).toEqual([])
})

it('the end of all tunnels leaves nothing waiting', async () => {
  const { tunnels } = theApp()
  await tunnels.open({ databaseId })
  await tunnels.closeAll()
  expect(waits).toBe(0)
})
