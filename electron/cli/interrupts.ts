import { QuaysideError } from '../../shared/errors.ts'
import type { CliIo } from './io.ts'
import { exitCodes } from './exit-codes.ts'

/** What Ctrl-C and its likes do while a command runs. */
export interface Interrupts {
  /** Aborted by an interrupt that nobody took; given to every call of the core. */
  readonly signal: AbortSignal
  /** Takes the next interrupts in place of the abort; returns the way to give them back. */
  take(handler: () => void): () => void
  /**
   * As `take`, for what goes on until it is told to end: the handler is called too when nobody reads what
   * is said any more (`| head -1`). Jobs under way are no such thing.
   */
  takeOrUnread(handler: () => void): () => void
  /** Ends what runs, as an interrupt would. */
  abort(message: string): void
  stop(): void
}

/** Listens until `stop`. An interrupt after the abort ends the process at once. */
export function createInterrupts(io: CliIo): Interrupts {
  const controller = new AbortController()
  const handlers: (() => void)[] = []
  const abort = (message: string) => controller.abort(new QuaysideError('cancelled', message))
  const stop = io.onSignal(() => {
    if (controller.signal.aborted) io.exitNow(exitCodes.interrupted)
    const handler = handlers.at(-1)
    if (handler === undefined) abort('Interrupted.')
    else handler()
  })
  // Remembered: the write that fails may be an earlier one than the first who wants to know of it.
  const unread = new AbortController()
  const onError = (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') unread.abort()
  }
  io.stdout.on('error', onError)
  const take = (handler: () => void) => {
    handlers.push(handler)
    return () => {
      const at = handlers.lastIndexOf(handler)
      if (at >= 0) handlers.splice(at, 1)
    }
  }
  return {
    signal: controller.signal,
    take,
    takeOrUnread(handler) {
      const giveBack = take(handler)
      if (unread.signal.aborted) setImmediate(handler)
      unread.signal.addEventListener('abort', handler)
      return () => {
        unread.signal.removeEventListener('abort', handler)
        giveBack()
      }
    },
    abort,
    stop() {
      io.stdout.off('error', onError)
      stop()
    },
  }
}
