import type { DatabaseId } from '../../shared/contract/databases.ts'
import type { StatsSample } from '../../shared/contract/metrics.ts'
import { databases } from './data.ts'

/** Invented numbers of the last quarter of an hour: calm, with one busy minute. */
export function someSamples(id: DatabaseId, points: number): StatsSample[] {
  const version = ['17.6', '17.6', '17.5'][databases.findIndex((each) => each.id === id)] ?? '16.10'
  const own = Number.parseInt(id.slice(-2), 16) % 7
  const beat = (15 * 60_000) / points
  return Array.from({ length: points }, (_, index) => {
    const t = index / points
    const wave = Math.sin(t * 31 + own) + Math.sin(t * 83 + own * 2) * 0.5
    const burst = Math.exp(-(((t - 0.84) * 40) ** 2))
    const busy = 1 + wave * 0.12 + burst * 2.2
    return {
      at: Date.now() - (points - 1 - index) * beat,
      cpuPercent: (6 + own * 5) * busy,
      cpus: 4,
      memoryBytes: 1.93e9 * (1 + wave * 0.01) + own * 1e8,
      memoryLimitBytes: 4e9,
      networkReceived: 42_000 * busy,
      networkSent: 310_000 * busy,
      diskRead: 4_000 * burst * 30,
      diskWritten: 90_000 * busy,
      connections: Math.round(41 * (1 + burst) + wave * 2),
      maxConnections: 200,
      sizeBytes: 18_400_000_000,
      transactions: 330 * busy,
      cacheHitPercent: 99.2 - burst * 4 + wave * 0.1,
      serverVersion: version,
    }
  })
}
