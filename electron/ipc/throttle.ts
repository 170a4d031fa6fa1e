import type { Clock } from '../domain/ports.ts'

/**
 * Passes values on at most once in `gapMs` for each key: the first at once, of those that follow too
 * soon only the newest, when it is due. The last value of a key always arrives.
 */
export function createThrottle<V>(
  { gapMs, clock, signal }: { gapMs: number; clock: Clock; signal: AbortSignal },
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
    if (waiting.has(key)) {
      waiting.set(key, { next: value })
      return
    }
    waiting.set(key, null)
    hold(key).catch((thrown: unknown) => {
      if (!signal.aborted) throw thrown
    })
    pass(value)
  }
}
