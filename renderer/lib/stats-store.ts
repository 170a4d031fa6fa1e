import type { DatabaseId } from '../../shared/contract/databases.ts'
import {
  mostSamples,
  statsMemoryMs,
  type StatsNews,
  type StatsSample,
} from '../../shared/contract/metrics.ts'

/** The live numbers of each database, oldest first. Who shows one database hears of that one alone. */
export interface StatsStore {
  /** The same list until something is added. */
  of(id: DatabaseId): readonly StatsSample[]
  add(news: StatsNews): void
  /** Puts what the core remembers before what has come since. */
  fill(id: DatabaseId, past: readonly StatsSample[]): void
  /** Forgets what has grown too old; the newest stays, as what was last known. */
  prune(): void
  subscribe(id: DatabaseId, listener: () => void): () => void
}

const none: readonly StatsSample[] = []

/** @param now epoch milliseconds */
export function createStatsStore(now: () => number): StatsStore {
  const samples = new Map<DatabaseId, readonly StatsSample[]>()
  const listeners = new Map<DatabaseId, Set<() => void>>()

  const fresh = (all: readonly StatsSample[]): readonly StatsSample[] => {
    const since = now() - statsMemoryMs
    return all.filter(({ at }, index) => at > since || index === all.length - 1).slice(-mostSamples)
  }

  const set = (id: DatabaseId, next: readonly StatsSample[]): void => {
    samples.set(id, fresh(next))
    for (const listener of listeners.get(id) ?? []) listener()
  }

  return {
    of: (id) => samples.get(id) ?? none,
    add: (news) => {
      for (const { databaseId, sample } of news) {
        // After the clock was set back, what seems to lie ahead is dropped.
        const before = (samples.get(databaseId) ?? none).filter(({ at }) => at < sample.at)
        set(databaseId, [...before, sample])
      }
    },
    fill: (id, past) => {
      const known = samples.get(id) ?? none
      const first = known[0]?.at ?? Infinity
      // Where the past is finer than what is here, it takes its place.
      if (past.length > known.length) {
        const last = past.at(-1)?.at ?? 0
        set(id, [...past, ...known.filter(({ at }) => at > last)])
      } else set(id, [...past.filter(({ at }) => at < first), ...known])
    },
    prune: () => {
      for (const [id, all] of samples) if (fresh(all).length < all.length) set(id, all)
    },
    subscribe: (id, listener) => {
      const own = listeners.get(id) ?? new Set()
      listeners.set(id, own.add(listener))
      return () => {
        own.delete(listener)
        if (own.size === 0) listeners.delete(id)
      }
    },
  }
}
