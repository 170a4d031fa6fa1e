import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../../domain/ports.ts'

/** The machine's own clock. */
export function createClock(): Clock {
  return {
    now: () => Date.now(),
    async sleep(ms, signal) {
      if (signal === undefined) return wait(ms)
      signal.throwIfAborted()
      try {
        await wait(ms, undefined, { signal })
      } catch (error) {
        // Node wraps the reason in an error of its own; the port promises the reason itself.
        signal.throwIfAborted()
        throw error
      }
    },
  }
}
