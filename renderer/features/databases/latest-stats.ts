import type { StatsSample } from '../../../shared/contract/metrics.ts'

/** What a server keeps from one sample to the next, where one is silent about it. */
type Lasting = 'sizeBytes' | 'maxConnections' | 'serverVersion'

/** The numbers of a row or a strip; what is not known is null. */
export type LatestStats = Pick<
  StatsSample,
  'connections' | 'cpuPercent' | 'memoryBytes' | 'memoryLimitBytes' | 'sizeBytes' | 'maxConnections'
>

/** The newest of what is known. What is only true now is of the last sample, whatever that lacks. */
export function latestStats(samples: readonly StatsSample[]): LatestStats | undefined {
  const last = samples.at(-1)
  if (last === undefined) return undefined
  const { connections, cpuPercent, memoryBytes, memoryLimitBytes } = last
  return {
    connections,
    cpuPercent,
    memoryBytes,
    memoryLimitBytes,
    sizeBytes: lasting(samples, 'sizeBytes'),
    maxConnections: lasting(samples, 'maxConnections'),
  }
}

/** The exact version of the server, as it last said it. */
export function serverVersion(samples: readonly StatsSample[]): string | null {
  return lasting(samples, 'serverVersion')
}

function lasting<K extends Lasting>(
  samples: readonly StatsSample[],
  key: K,
): StatsSample[K] | null {
  return samples.findLast((sample) => sample[key] !== null)?.[key] ?? null
}
