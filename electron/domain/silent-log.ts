import type { Log } from './ports.ts'

/** A log that keeps nothing, for tests and the bench. */
export const silentLog: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}
