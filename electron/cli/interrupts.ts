import { QuaysideError } from '../../shared/errors.ts'
import type { CliIo } from './io.ts'
import { exitCodes } from './exit-codes.ts'

/** What Ctrl-C and its likes do while a command runs. */
export interface Interrupts {
  /** Aborted by an interrupt that nobody took; given to every call of the core. */
  readonly signal: AbortSignal
  /** Takes the next interrupts in place of the abort; returns the way to give them back. */
  take(handler: () => void): () => void
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
  return {
    signal: controller.signal,
    take(handler) {
      handlers.push(handler)
      return () => {
        const at = handlers.lastIndexOf(handler)
        if (at >= 0) handlers.splice(at, 1)
      }
    },
    abort,
    stop,
  }
}
