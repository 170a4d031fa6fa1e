/**
 * A thread of its own for jobs that move many bytes, so that no click waits for them. It is one more
 * owner of jobs beside the processes.
 */
export interface HeavyThread {
  /** Its name among the owners of jobs; null where there is none now. */
  owner(): string | null
  /** Whether there is work for it: it is started for that, and ends a while after the last. */
  wanted(isWanted: boolean): void
  /** Tells it that passwords are within reach: hosts that lacked one connect. */
  secretsReady(): void
  /** Ends it with its jobs at a safe point. */
  stop(): Promise<void>
}
