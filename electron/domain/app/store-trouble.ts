import { toErrorData, type ErrorCode, type ErrorData } from '../../../shared/errors.ts'
import type { Log, Publish } from '../ports.ts'

/** What keeps this computer from writing; all else is a bug. */
const codes: ReadonlySet<ErrorCode> = new Set([
  'disk_full',
  'store_busy',
  'store_failed',
  'store_damaged',
])

/** Whether this computer can keep what hosts tell. What they told is no less true where it can't. */
export interface StoreTrouble {
  /** Why not; null while it can. */
  error(): ErrorData | null
  /** Writes. False where this computer can't, which is told once for as long as it lasts. */
  attempt(write: () => void): boolean
}

export function createStoreTrouble({ log, publish }: { log: Log; publish: Publish }): StoreTrouble {
  let held: ErrorData | null = null
  const hold = (error: ErrorData | null): void => {
    if (error?.code === held?.code) return
    held = error
    publish({ type: 'changed', topic: 'app' })
  }
  return {
    error: () => held,
    attempt: (write) => {
      try {
        write()
      } catch (thrown) {
        const error = toErrorData(thrown)
        if (!codes.has(error.code)) throw thrown
        if (held?.code !== error.code) {
          log.warn('what hosts tell can not be kept for now', { reason: String(thrown) })
        }
        hold(error)
        return false
      }
      hold(null)
      return true
    },
  }
}
