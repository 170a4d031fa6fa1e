import { expect, test } from 'vitest'
import { hostIdSchema, type HostId, type HostStatus } from '../../../shared/contract/hosts.ts'
import type { HostFacts } from '../../../shared/contract/host-look.ts'
import { someHost, standingClock, temporaryFolder } from '../../adapters/sqlite/fixtures.ts'
import { openStores } from '../../adapters/sqlite/index.ts'
import type { Clock, Host } from '../ports.ts'
import { createFactsBeat } from './facts-beat.ts'
import { testHost } from './hosts-test-rig.ts'

const facts: HostFacts = {
  at: 1_000,
  os: 'Stone OS 3',
  kernel: '6.1',
  arch: 'x86_64',
  docker: { version: '28.5', apiVersion: '1.51', storageDriver: null, dataRoot: '/var/lib/docker' },
  cpus: 4,
  cpuPercent: 3,
  load: null,
  memory: null,
  swap: null,
  disks: [],
  bootedAt: null,
  clockAheadMs: 0,
  containers: [],
}
const turns = (count: number): Clock & { at: number } => {
  const clock = standingClock()
  let left = count
  return Object.assign(clock, {
    // Each wait is over at once; the last one never ends.
    sleep: async (ms: number) => {
      if ((left -= 1) < 0) await new Promise(() => undefined)
      clock.at += ms
    },
  })
}

function beatOver(states: Record<string, HostStatus['state']>, clock: Clock) {
  const folder = temporaryFolder()
  const stores = openStores({ file: `${folder.path}/quayside.db`, clock })
  const names = new Map<HostId, string>()
  const hosts = new Map<HostId, Host>()
  for (const [name, state] of Object.entries(states)) {
    const record = someHost({ name })
    stores.hosts.insert(record)
    names.set(record.id, name)
    hosts.set(record.id, testHost({ state }))
  }
  const asked: (string | undefined)[] = []
  const beat = createFactsBeat({
    stores,
    clock,
    log: { info: nothing, warn: nothing, error: nothing },
    registry: { opened: (id) => hosts.get(id) ?? null },
    read(id) {
      asked.push(names.get(id))
      if (names.get(id) === 'silent') return Promise.reject(new Error('no answer'))
      stores.hostFacts.put(id, { ...facts, at: clock.now() })
      return Promise.resolve()
    },
  })
  const end = () => {
    beat.stop()
    stores.close()
    folder[Symbol.dispose]()
  }
  return { stores, asked, beat, end }
}
const nothing = () => undefined

test('a host that answers is asked once, and again when what it told is old', async () => {
  const clock = turns(12)
  const { stores, asked, beat, end } = beatOver({ a: 'ready', b: 'lost' }, clock)
  beat.follow()
  beat.follow()
  await expect.poll(() => asked).toEqual(['a', 'a'])
  const [known] = stores.hostFacts.list()
  expect(known?.facts.os).toBe('Stone OS 3')
  end()
})

test('one that does not tell holds up none, and is asked again', async () => {
  const { asked, beat, end } = beatOver({ silent: 'ready', b: 'degraded' }, turns(2))
  beat.follow()
  await expect.poll(() => asked.toSorted()).toEqual(['b', 'silent', 'silent'])
  end()
})

test('what is kept goes with its host, and nothing is kept of one that has gone', () => {
  const { stores, end } = beatOver({ a: 'ready' }, turns(0))
  const [record] = stores.hosts.list()
  if (record === undefined) throw new Error('no host')
  stores.hostFacts.put(record.id, facts)
  stores.hostFacts.put(hostIdSchema.parse(crypto.randomUUID()), facts)
  expect(stores.hostFacts.list()).toEqual([{ hostId: record.id, facts }])
  stores.hosts.remove(record.id)
  expect(stores.hostFacts.list()).toEqual([])
  end()
})
