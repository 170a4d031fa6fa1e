import type { EngineActivity } from '../../engines/engine.ts'
import type { StatsSample } from '../../../shared/contract/metrics.ts'
import type { Counters } from './cgroup-reading.ts'

/** What a host told of one container. */
export interface ContainerReading extends Counters {
  /** Seconds on a clock that never jumps; only its differences count. */
  clock: number
  cpus: number | null
  /** Where Docker has measured it itself; per cent of one core. */
  cpuPercent?: number | null
}

/** What an engine told of one database. */
export interface EngineReading extends EngineActivity {
  /** Seconds on a clock that never jumps. */
  clock: number
}

/** Readings further apart than this say too little of now, seconds. */
const longestGap = 60

type ContainerPart = Omit<
  StatsSample,
  | 'at'
  | 'connections'
  | 'maxConnections'
  | 'sizeBytes'
  | 'transactions'
  | 'cacheHitPercent'
  | 'serverVersion'
>

/** A container's part of a sample, from this reading and the one before. */
export function containerPart(
  before: ContainerReading | null,
  after: ContainerReading | null,
): ContainerPart {
  if (after === null) return nothing
  const rate = (key: keyof Counters) => rateOf(before, after, key)
  const cpu = rate('cpuSeconds')
  return {
    cpuPercent: after.cpuPercent ?? (cpu === null ? null : cpu * 100),
    cpus: after.cpus,
    memoryBytes: after.memoryBytes,
    memoryLimitBytes: after.memoryLimitBytes,
    networkReceived: rate('networkReceivedBytes'),
    networkSent: rate('networkSentBytes'),
    diskRead: rate('diskReadBytes'),
    diskWritten: rate('diskWrittenBytes'),
  }
}

const nothing: ContainerPart = {
  cpuPercent: null,
  cpus: null,
  memoryBytes: null,
  memoryLimitBytes: null,
  networkReceived: null,
  networkSent: null,
  diskRead: null,
  diskWritten: null,
}

/** An engine's rates, from this reading and the one before. */
export function enginePart(
  before: EngineReading | null,
  after: EngineReading | null,
): Pick<StatsSample, 'connections' | 'transactions' | 'cacheHitPercent'> {
  if (after === null) return { connections: null, transactions: null, cacheHitPercent: null }
  return {
    connections: after.connections,
    transactions: rateOf(before, after, 'transactions'),
    cacheHitPercent: hitsOf(before, after),
  }
}

/** Of the reads since the reading before; where nothing was read since, of all. */
function hitsOf(before: EngineReading | null, after: EngineReading): number | null {
  const { cacheHits, cacheMisses } = after
  if (cacheHits === null || cacheMisses === null) return null
  const hits = cacheHits - (before?.cacheHits ?? 0)
  const misses = cacheMisses - (before?.cacheMisses ?? 0)
  if (hits >= 0 && misses >= 0 && hits + misses > 0) return share(hits, misses)
  return cacheHits + cacheMisses > 0 ? share(cacheHits, cacheMisses) : null
}

function share(hits: number, misses: number): number {
  return (hits / (hits + misses)) * 100
}

/** Growth per second; null after a restart (it fell), a host's boot, or too long a gap. */
function rateOf<K extends string>(
  before: ({ clock: number } & { readonly [N in K]: number | null }) | null,
  after: { clock: number } & { readonly [N in K]: number | null },
  key: K,
): number | null {
  const from = before?.[key] ?? null
  const to = after[key]
  if (before === null || from === null || to === null || to < from) return null
  const seconds = after.clock - before.clock
  return seconds <= 0 || seconds > longestGap ? null : (to - from) / seconds
}
