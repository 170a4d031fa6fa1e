import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { HostStatus } from '../../../shared/contract/hosts.ts'
import type { QuaysideEvent } from '../../../shared/events.ts'
import { connectingStatus } from '../../../shared/host-status.ts'
import {
  someDatabase,
  someHost,
  standingClock,
  temporaryFolder,
} from '../../adapters/sqlite/fixtures.ts'
import { openStores } from '../../adapters/sqlite/index.ts'
import type { Stores } from '../ports.ts'
import { hostNews } from './host-news.ts'

let folder: ReturnType<typeof temporaryFolder>
let stores: Stores
beforeEach(() => {
  folder = temporaryFolder()
  stores = openStores({ file: join(folder.path, 'quayside.db'), clock: standingClock() })
})
afterEach(() => {
  stores.close()
  folder[Symbol.dispose]()
})

test('a ping is news of its host alone; what its databases show is news of those on it', () => {
  const harbour = someHost()
  const quay = someHost({ name: 'quay' })
  const shop = someDatabase(harbour)
  for (const host of [harbour, quay]) stores.hosts.insert(host)
  for (const database of [shop, someDatabase(quay)]) stores.databases.insert(database)
  const told: QuaysideEvent[] = []
  const tell = hostNews({ stores, publish: (event) => told.push(event) }, harbour.id)
  const toldOf = (change: Partial<HostStatus>) => {
    told.length = 0
    tell({ ...connectingStatus(0), ...change })
    return [...told]
  }
  const host = { type: 'changed', topic: 'hosts' }
  const both = [host, { type: 'changed', topic: 'databases', ids: [shop.id] }]
  const dockerDown = { code: 'docker_down', message: 'Docker on harbour is down.' } as const

  expect(toldOf({ state: 'ready', latencyMs: 12, lastSeen: 1_000 })).toEqual(both)
  expect(toldOf({ state: 'ready', latencyMs: 14, lastSeen: 16_000 })).toEqual([host])
  expect(toldOf({ state: 'degraded', latencyMs: 900, lastSeen: 31_000 })).toEqual([host])
  expect(toldOf({ state: 'degraded', error: dockerDown })).toEqual(both)
  expect(toldOf({ state: 'lost', nextTry: 50_000 })).toEqual(both)
  expect(toldOf({ state: 'lost', nextTry: 60_000 })).toEqual([host])
  expect(toldOf({ state: 'ready' })).toEqual(both)
})

test('records that can’t be read right now do not end the life of a host', () => {
  const told: QuaysideEvent[] = []
  const tell = hostNews({ stores, publish: (event) => told.push(event) }, someHost().id)
  stores.close()
  tell({ ...connectingStatus(0), state: 'lost' })
  expect(told).toEqual([
    { type: 'changed', topic: 'hosts' },
    { type: 'changed', topic: 'databases' },
  ])
  stores = openStores({ file: join(folder.path, 'quayside.db'), clock: standingClock() })
})
