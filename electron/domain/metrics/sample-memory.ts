import type { DatabaseId } from '../../../shared/contract/databases.ts'
import { mostSamples, statsMemoryMs, type StatsSample } from '../../../shared/contract/metrics.ts'

/** The samples of the last minutes, so that a chart has a past when it is opened. */
export interface SampleMemory {
  add(id: DatabaseId, sample: StatsSample): void
  /** Oldest first, evenly thinned out to at most `points`; the newest is always among them. */
  of(id: DatabaseId, points: number, now: number): StatsSample[]
  /** Forgets what is too old. */
  prune(now: number): void
}

export function createSampleMemory(): SampleMemory {
  const samples = new Map<DatabaseId, StatsSample[]>()
  // Also after the clock was set back, when the old ones seem to lie ahead.
  const isFresh = (now: number) => (sample: StatsSample) =>
    Math.abs(now - sample.at) < statsMemoryMs

  return {
    add: (id, sample) => {
      const fresh = (samples.get(id) ?? []).filter(
        (one) => isFresh(sample.at)(one) && one.at < sample.at,
      )
      samples.set(id, [...fresh.slice(1 - mostSamples), sample])
    },
    of: (id, points, now) => {
      const all = (samples.get(id) ?? []).filter(isFresh(now))
      const step = Math.max(1, Math.ceil(all.length / points))
      return all.filter((_, index) => (all.length - 1 - index) % step === 0)
    },
    prune: (now) => {
      for (const [id, all] of samples) if (!all.some(isFresh(now))) samples.delete(id)
    },
  }
}
