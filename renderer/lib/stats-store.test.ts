import { expect, it, vi } from 'vitest'
import { databaseIdSchema } from '../../shared/contract/databases.ts'
import type { StatsSample } from '../../shared/contract/metrics.ts'
import { createStatsStore } from './stats-store.ts'

const id = databaseIdSchema.parse('44444444-4444-4444-8444-444444444444')
const other = databaseIdSchema.parse('55555555-5555-4555-8555-555555555555')
const sample = (at: number): StatsSample => ({
  at,
  cpuPercent: 1,
  cpus: 2,
  memoryBytes: 1,
  memoryLimitBytes: 2,
  networkReceived: null,
  networkSent: null,
  diskRead: null,
  diskWritten: null,
  connections: null,
  maxConnections: null,
  sizeBytes: null,
  transactions: null,
  cacheHitPercent: null,
  serverVersion: null,
})
const times = (store: ReturnType<typeof createStatsStore>) => store.of(id).map(({ at }) => at)

it('tells only those who show the database, and keeps a list the same until then', () => {
  const store = createStatsStore(() => 100)
  const heard = vi.fn()
  store.subscribe(id, heard)
  const before = store.of(id)
  store.add([{ databaseId: other, sample: sample(1) }])
  expect(heard).not.toHaveBeenCalled()
  expect(store.of(id)).toBe(before)
  store.add([{ databaseId: id, sample: sample(1) }])
  expect(heard).toHaveBeenCalledOnce()
})

it('puts the past before what has come since, once', () => {
  const store = createStatsStore(() => 100)
  store.add([{ databaseId: id, sample: sample(30) }])
  store.fill(id, [sample(10), sample(20), sample(30)])
  expect(times(store)).toEqual([10, 20, 30])
  store.fill(id, [sample(5)])
  expect(times(store)).toEqual([5, 10, 20, 30])
})

it('forgets what is older than a quarter of an hour, and a future that the clock took back', () => {
  let now = 0
  const store = createStatsStore(() => now)
  const add = (at: number) => {
    now = at
    store.add([{ databaseId: id, sample: sample(at) }])
  }
  for (const at of [0, 1_000, 16 * 60_000]) add(at)
  expect(times(store)).toEqual([16 * 60_000])
  add(500)
  expect(times(store)).toEqual([500])
})

it('forgets by the time now also where nothing more is told, but for what was last known', () => {
  let now = 0
  const store = createStatsStore(() => now)
  const heard = vi.fn()
  for (const at of [1_000, 3_000, 5_000]) {
    now = at
    store.add([{ databaseId: id, sample: sample(at) }])
  }
  store.subscribe(id, heard)
  store.prune()
  expect(heard).not.toHaveBeenCalled()
  now = 60 * 60_000
  store.prune()
  expect(times(store)).toEqual([5_000])
  store.prune()
  expect(heard).toHaveBeenCalledOnce()
})
