import type { DatabaseId } from '../../../shared/contract/databases.ts'
import { closeBeatMs, slowBeatMs, statsLeaseMs } from '../../../shared/contract/metrics.ts'

/** Who looks at what, for as long as they keep saying so. */
export interface Watchers {
  set(watcher: string, watch: { close: readonly DatabaseId[]; inView: readonly DatabaseId[] }): void
  /** Every database that someone looks at, with its beat in milliseconds. */
  beats(): ReadonlyMap<DatabaseId, number>
}

/** @param now a clock that never jumps, milliseconds */
export function createWatchers(now: () => number): Watchers {
  const leases = new Map<
    string,
    { close: readonly DatabaseId[]; inView: readonly DatabaseId[]; until: number }
  >()
  return {
    set: (watcher, { close, inView }) => {
      if (close.length + inView.length === 0) leases.delete(watcher)
      else leases.set(watcher, { close, inView, until: now() + statsLeaseMs })
    },
    beats: () => {
      const beats = new Map<DatabaseId, number>()
      for (const [watcher, lease] of leases) if (lease.until <= now()) leases.delete(watcher)
      for (const { inView } of leases.values()) for (const id of inView) beats.set(id, slowBeatMs)
      for (const { close } of leases.values()) for (const id of close) beats.set(id, closeBeatMs)
      return beats
    },
  }
}
