import type { QuaysideEvent } from '../../../shared/events.ts'

/** The clock, passed in so that time can be made to pass in a test. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Resolves after that many milliseconds, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** Tells every face what happened. */
export type Publish = (event: QuaysideEvent) => void

/** Writes to the log file; never with a secret (known ones are taken out by the adapter). */
export interface Log {
  info(message: string, facts?: Readonly<Record<string, unknown>>): void
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void
  error(message: string, thrown: unknown, facts?: Readonly<Record<string, unknown>>): void
}
