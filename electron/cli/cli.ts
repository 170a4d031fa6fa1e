import type { Core } from '../domain/core.ts'
import { createInterrupts, type Interrupts } from './interrupts.ts'
import type { CliIo } from './io.ts'
import { createOutput, type Output, type OutputOptions } from './output.ts'
import { openSecrets } from './secrets/open-secrets.ts'

/** The core as the command line gets it, with its one clipboard: the answer on stdout. */
export interface OpenedCore {
  core: Core
  /**
   * What `databases.copy` puts on the clipboard while `work` runs, caught instead. So a connection
   * string with its password is written by the engine that knows how, here as in the window.
   */
  readonly copied: (work: () => Promise<unknown>) => Promise<string>
}

/** Opens the core; called at most once for a command. */
export type OpenCore = (env: CliIo['env']) => Promise<OpenedCore>

/** Options that every command takes. */
export interface GlobalOptions extends OutputOptions {
  vaultPassphraseFile?: string | undefined
}

/** What a command works with. */
export interface Cli {
  readonly io: CliIo
  readonly out: Output
  readonly interrupts: Interrupts
  /** Aborted by Ctrl-C, unless a command has taken it over. */
  readonly signal: AbortSignal
  readonly vaultPassphraseFile: string | undefined
  open(): Promise<OpenedCore>
  /** The core, opened when first asked for. */
  core(): Promise<Core>
  /**
   * As `core`, with a locked vault unlocked where its passphrase is given or can be asked for, and rid of
   * passwords whose time is over.
   */
  coreWithSecrets(): Promise<Core>
}

/** A `Cli` and the way to end it. */
export interface CliLife {
  cli: Cli
  readonly close: () => Promise<void>
}

// Timers of the core do not keep a process alive; a command that waits for a job has to.
const keepAliveMs = 60_000

/** Makes what one command needs. */
export function createCli(io: CliIo, options: GlobalOptions, openCore: OpenCore): CliLife {
  const interrupts = createInterrupts(io)
  const keepAlive = setInterval(() => undefined, keepAliveMs)
  let opened: Promise<OpenedCore> | undefined
  const open = () => (opened ??= openCore(io.env))
  const core = async () => (await open()).core
  const cli: Cli = {
    io,
    out: createOutput(io, options),
    interrupts,
    signal: interrupts.signal,
    vaultPassphraseFile: options.vaultPassphraseFile,
    open,
    core,
    async coreWithSecrets() {
      const made = await core()
      // Who never opens the window has nobody else who does it, and a locked vault could not.
      if (await openSecrets(cli, made)) await made.forgetOldPasswords()
      return made
    },
  }
  return {
    cli,
    async close() {
      clearInterval(keepAlive)
      try {
        // A core that could not be opened has told why already.
        const made = await opened?.catch(() => undefined)
        await made?.core.close()
      } finally {
        interrupts.stop()
      }
    },
  }
}
