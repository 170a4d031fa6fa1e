import type { Readable, Writable } from 'node:stream'

/** What a stream to a terminal has beside a plain one. */
interface MaybeTerminal {
  isTTY?: boolean | undefined
  columns?: number | undefined
}

/** All that the command line touches of the process around it; a test brings its own. */
export interface CliIo {
  stdin: Readable & MaybeTerminal
  stdout: Writable & MaybeTerminal
  stderr: Writable & MaybeTerminal
  env: Readonly<Record<string, string | undefined>>
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Calls back at every Ctrl-C, SIGTERM and SIGHUP; returns the way to stop. */
  onSignal(listener: () => void): () => void
  /** Ends the process without further ado: the last resort when a user insists. */
  exitNow(code: number): void
}

const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** The process this runs in. */
export function processIo(): CliIo {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    now: () => Date.now(),
    onSignal(listener) {
      for (const name of endSignals) process.on(name, listener)
      return () => {
        for (const name of endSignals) process.off(name, listener)
      }
    },
    exitNow: (code) => process.exit(code),
  }
}

/** True when someone sits there: questions can be shown and answered. */
export function isInteractive(io: CliIo): boolean {
  return io.stdin.isTTY === true && io.stderr.isTTY === true
}
