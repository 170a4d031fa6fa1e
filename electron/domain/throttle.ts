import type { Clock } from './ports.ts'

interface ThrottleOptions<V> {
  gapMs: number
  clock: Clock
  /** Ends it. */
  signal: AbortSignal
  /** One value for two of the same key, the older one first. */
  merge: (held: V, next: V) => V
}

/**
 * Passes values on at most once in `gapMs` for each key: the first at once, those that follow too
 * soon merged into one, when it is due. The last value of a key always arrives.
 */
export function createThrottle<V>(
  { gapMs, clock, signal, merge }: ThrottleOptions<V>,
  pass: (value: V) => void,
): (key: string, value: V) => void {
  /** The keys passed on less than a gap ago, each with what waits there. */
  const waiting = new Map<string, { next: V } | null>()

  async function hold(key: string): Promise<void> {
    try {
      for (let open = true; open;) {
        await clock.sleep(gapMs, signal)
        const held = waiting.get(key) ?? null
        waiting.set(key, null)
        if (held === null) open = false
        else pass(held.next)
      }
    } finally {
      // Also where passing one on failed: the next of this key must not wait for ever.
      waiting.delete(key)
    }
  }

  return (key, value) => {
    if (signal.aborted) return
    const held = waiting.get(key)
    if (held !== undefined) {
      waiting.set(key, { next: held === null ? value : merge(held.next, value) })
      return
    }
    waiting.set(key, null)
    hold(key).catch((thrown: unknown) => {
      if (!signal.aborted) throw thrown
    })
    pass(value)
  }
}
