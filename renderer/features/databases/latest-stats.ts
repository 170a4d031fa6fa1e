import type { DatabaseStats } from '../../../shared/contract/databases.ts'
import type { StatsSample } from '../../../shared/contract/metrics.ts'

/** The numbers of a row or a strip; what is not known is null. */
export interface LatestStats {
  sizeBytes: number | null
  connections: number | null
  maxConnections: number | null
  cpuPercent: number | null
  memoryBytes: number | null
  memoryLimitBytes: number | null
}

/** The newest of what is known: the live sample, and where it is silent the numbers read once. */
export function latestStats(
  sample: StatsSample | undefined,
  read: DatabaseStats | undefined,
): LatestStats | undefined {
  if (sample === undefined) return read
  return {
    sizeBytes: sample.sizeBytes ?? read?.sizeBytes ?? null,
    connections: sample.connections,
    maxConnections: sample.maxConnections ?? read?.maxConnections ?? null,
    cpuPercent: sample.cpuPercent,
    memoryBytes: sample.memoryBytes,
    memoryLimitBytes: sample.memoryLimitBytes,
  }
}
