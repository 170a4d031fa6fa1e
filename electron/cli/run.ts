import { CommanderError } from 'commander'
import type { CliDeps } from './run-action.ts'
import type { Handle } from './command.ts'
import { exitCodes } from './exit-codes.ts'
import type { CliIo } from './io.ts'
import { createProgram } from './program.ts'

/**
 * Runs one command line, without program and script name; resolves with the exit code. What help and
 * version do not need is loaded behind them.
 */
export async function run(argv: readonly string[], deps: CliDeps): Promise<number> {
  const { io } = deps
  const unguard = survivePipes(io)
  let code: number = exitCodes.ok
  const handle: Handle = async (chosen) => {
    const { runAction } = await import('./run-action.ts')
    code = await runAction(chosen, deps)
  }
  const program = createProgram(deps.version, { out: (text) => io.stdout.write(text) }, handle)
  try {
    if (argv.length === 0) program.outputHelp()
    else await program.parseAsync([...argv], { from: 'user' })
    return code
  } catch (thrown) {
    // Help and version come as errors too, with nothing wrong.
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return exitCodes.ok
    const { refuse } = await import('./run-action.ts')
    return refuse(thrown, argv, io)
  } finally {
    await flushed(io)
    unguard()
  }
}

/**
 * A reader that has gone (`| head`) is no reason to fall over; any other trouble is one. Commands that
 * would go on for ever end by it (`takeOrUnread`).
 */
function survivePipes(io: CliIo): () => void {
  const swallow = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  }
  io.stdout.on('error', swallow)
  io.stderr.on('error', swallow)
  return () => {
    io.stdout.off('error', swallow)
    io.stderr.off('error', swallow)
  }
}

/** Resolves once all that was said has left: on some systems pipes are written later. */
async function flushed(io: CliIo): Promise<void> {
  for (const stream of [io.stdout, io.stderr])
    await new Promise<void>((resolve) => stream.write('', () => resolve()))
}
