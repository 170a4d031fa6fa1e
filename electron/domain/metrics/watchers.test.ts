import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { databaseIdSchema } from '../../../shared/contract/databases.ts'
import {
  closeBeatMs,
  mostSamples,
  slowBeatMs,
  statsLeaseMs,
  statsMemoryMs,
  type StatsSample,
} from '../../../shared/contract/metrics.ts'
import { containerPart, enginePart } from './rates.ts'
import { createSampleMemory } from './sample-memory.ts'
import { createWatchers } from './watchers.ts'

const [one, two] = [databaseIdSchema.parse(randomUUID()), databaseIdSchema.parse(randomUUID())]

describe('who looks', () => {
  it('has the closer of two looks count, and ends with its lease', () => {
    let now = 0
    const watchers = createWatchers(() => now)
    watchers.set('list', { close: [], inView: [one, two] })
    now = 10_000
    watchers.set('page', { close: [one], inView: [] })
    expect([...watchers.beats()]).toEqual([
      [one, closeBeatMs],
      [two, slowBeatMs],
    ])
    now = statsLeaseMs
    expect([...watchers.beats()]).toEqual([[one, closeBeatMs]])
    watchers.set('page', { close: [], inView: [] })
    expect(watchers.beats().size).toBe(0)
  })
})

describe('what is remembered', () => {
  const sample = (at: number): StatsSample => ({
    at,
    ...containerPart(null, null),
    ...enginePart(null, null),
    maxConnections: null,
    sizeBytes: null,
    serverVersion: null,
  })

  it('is the last minutes, thinned out to what was asked for, the newest among it', () => {
    const memory = createSampleMemory()
    for (let at = 0; at <= 2 * statsMemoryMs; at += closeBeatMs) memory.add(one, sample(at))
    const all = memory.of(one, mostSamples, 2 * statsMemoryMs)
    expect(all.length).toBeLessThanOrEqual(mostSamples)
    expect(all[0]?.at).toBeGreaterThan(statsMemoryMs)
    const few = memory.of(one, 60, 2 * statsMemoryMs)
    expect(few.length).toBeLessThanOrEqual(60)
    expect(few.at(-1)?.at).toBe(2 * statsMemoryMs)
  })

  it('has no future after the clock was set back, and no past after it was set ahead', () => {
    const memory = createSampleMemory()
    memory.add(one, sample(3_600_000))
    memory.add(one, sample(1_000))
    expect(memory.of(one, 60, 1_000).map(({ at }) => at)).toEqual([1_000])
    memory.add(one, sample(9_000_000))
    expect(memory.of(one, 60, 9_000_000).map(({ at }) => at)).toEqual([9_000_000])
    memory.prune(99_000_000)
    expect(memory.of(one, 60, 9_000_000)).toEqual([])
  })
})
