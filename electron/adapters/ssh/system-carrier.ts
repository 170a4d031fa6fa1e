import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import type { Duplex } from 'node:stream'
import type { ExecOptions, ExecResult } from '../../domain/ports.ts'

/** The system's `ssh`, logged in to a server: how more of its programs become channels of one link. */
export interface SystemCarrier {
  /** What the one that stays logged in said last, its debugging left out. */
  said(): string
  /** Resolves once that one has ended. */
  readonly ended: Promise<void>
  /** Ends it, and every channel. */
  stop(): void
  /** Runs a command to its end. @throws NoRoom, Cut */
  run(command: string, options: ExecOptions): Promise<ExecResult>
  /** An `ssh` whose pipes are a command's, from when it runs. @throws NoRoom */
  openCommand(command: string, signal?: AbortSignal): Promise<ChildProcessWithoutNullStreams>
  /**
   * An `ssh` whose pipes lead to a port as seen from the host. A refusal has a `reason` as ssh2's have:
   * 1 for what sshd's settings forbid.
   * @param address such as `127.0.0.1:5432` or `[::1]:5432`
   */
  openPort(address: string, signal?: AbortSignal): Promise<ChildProcessWithoutNullStreams>
  /** A connection to a Unix socket on the host; null where this `ssh` leads to none. */
  openSocket: ((path: string, signal?: AbortSignal) => Promise<Duplex>) | null
}

/** A channel was lost before its command had ended. */
export class Cut extends Error {
  constructor() {
    super('The connection ended before the command.')
  }
}

/** The server takes no further session for now. */
export class NoRoom extends Error {
  constructor() {
    super('The server has no room for one more session.')
  }
}
