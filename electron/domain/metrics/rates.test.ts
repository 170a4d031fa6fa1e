import { describe, expect, it } from 'vitest'
import { containerPart, enginePart, type ContainerReading, type EngineReading } from './rates.ts'

const first: ContainerReading = {
  clock: 100,
  cpus: 4,
  cpuSeconds: 10,
  memoryBytes: 5,
  memoryLimitBytes: 9,
  networkReceivedBytes: 1000,
  networkSentBytes: 1000,
  diskReadBytes: 0,
  diskWrittenBytes: 50,
}
const next: ContainerReading = {
  ...first,
  clock: 102,
  cpuSeconds: 11,
  networkReceivedBytes: 3000,
  diskWrittenBytes: 50,
}

describe('a container’s rates', () => {
  it('are growth by the host’s own clock', () => {
    expect(containerPart(first, next)).toMatchObject({
      cpuPercent: 50,
      networkReceived: 1000,
      networkSent: 0,
      diskWritten: 0,
      memoryBytes: 5,
      memoryLimitBytes: 9,
    })
  })

  it('are unknown with one reading; what it has now is known', () => {
    expect(containerPart(null, first)).toMatchObject({ cpuPercent: null, memoryBytes: 5 })
  })

  it('are unknown after a restart, a boot of the host, or a long pause', () => {
    const reset = { ...next, cpuSeconds: 0.1, networkReceivedBytes: 4000 }
    expect(containerPart(first, reset)).toMatchObject({ cpuPercent: null, networkReceived: 1500 })
    expect(containerPart(first, { ...next, clock: 3 }).cpuPercent).toBeNull()
    expect(containerPart(first, { ...next, clock: 900 }).cpuPercent).toBeNull()
  })

  it('take Docker’s own measurement where there is no counter', () => {
    const measured = { ...next, cpuSeconds: null, cpuPercent: 12 }
    expect(containerPart(first, measured).cpuPercent).toBe(12)
  })

  it('are all unknown without a reading', () => {
    expect(new Set(Object.values(containerPart(first, null)))).toEqual(new Set([null]))
  })
})

describe('an engine’s rates', () => {
  const before: EngineReading = {
    clock: 1,
    connections: 2,
    transactions: 100,
    cacheHits: 900,
    cacheMisses: 100,
  }

  it('are of the time since the reading before', () => {
    const after = { ...before, clock: 3, transactions: 140, cacheHits: 950, cacheMisses: 150 }
    expect(enginePart(before, after)).toEqual({
      connections: 2,
      transactions: 20,
      cacheHitPercent: 50,
    })
  })

  it('tell of all hits where nothing was read meanwhile', () => {
    expect(enginePart(before, { ...before, clock: 3 }).cacheHitPercent).toBe(90)
    expect(enginePart(null, before)).toMatchObject({ transactions: null, cacheHitPercent: 90 })
  })

  it('are unknown for an engine without such totals', () => {
    const none = { ...before, transactions: null, cacheHits: null, cacheMisses: null }
    expect(enginePart(none, { ...none, clock: 3 })).toEqual({
      connections: 2,
      transactions: null,
      cacheHitPercent: null,
    })
  })
})
