import { CommanderError, type Command } from 'commander'
import { isAbort, QuaysideError, toErrorData } from '../../shared/errors.ts'
import { createCli, type GlobalOptions, type OpenCore } from './cli.ts'
import type { Chosen } from './command.ts'
import { exitCodeOf, exitCodes } from './exit-codes.ts'
import type { CliIo } from './io.ts'
import { createOutput } from './output.ts'

/** What the command line is given from outside. */
export interface CliDeps {
  io: CliIo
  version: string
  openCore: OpenCore
}

/** Does what was chosen and says what went wrong; resolves with the exit code. */
export async function runAction({ load, args, command }: Chosen, deps: CliDeps): Promise<number> {
  const { cli, close } = createCli(deps.io, globalOptions(command), deps.openCore)
  const failed = (thrown: unknown): number => {
    // After an abort, what broke because of it is the abort.
    const aborted = cli.signal.aborted && (isAbort(thrown) || thrown === cli.signal.reason)
    const data = toErrorData(aborted ? cli.signal.reason : thrown)
    cli.out.error(data)
    return exitCodeOf(data.code)
  }
  let code: number = exitCodes.ok
  try {
    const action = await load()
    await action(cli, args, command.opts())
  } catch (thrown) {
    code = failed(thrown)
  }
  try {
    await close()
  } catch (thrown) {
    const closing = failed(thrown)
    if (code === exitCodes.ok) code = closing
  }
  return code
}

/** Options may stand at any level: `quayside --json db list` is `quayside db list --json`. */
function globalOptions(command: Command): GlobalOptions {
  const levels: Command[] = []
  for (let at: Command | null = command; at !== null; at = at.parent) levels.push(at)
  const files = levels.map((level): unknown => level.opts()['vaultPassphraseFile'])
  return {
    json: levels.some((level) => level.opts()['json'] === true),
    quiet: levels.some((level) => level.opts()['quiet'] === true),
    color: levels.every((level) => level.opts()['color'] !== false),
    vaultPassphraseFile: files.find((file) => typeof file === 'string'),
  }
}

/** Says what is wrong with a command line that could not be understood. */
export function refuse(thrown: unknown, argv: readonly string[], io: CliIo): number {
  const out = createOutput(io, { json: argv.includes('--json'), quiet: false, color: true })
  const error =
    thrown instanceof CommanderError
      ? new QuaysideError('invalid_input', wording(thrown.message), {
          hint: '"quayside --help" lists the commands; each one explains itself with --help.',
        })
      : thrown
  const data = toErrorData(error)
  out.error(data)
  return exitCodeOf(data.code)
}

function wording(message: string): string {
  const text =
    message === '(outputHelp)' ? 'a command is missing.' : message.replace(/^error: /, '')
  const sentence = `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`
  // Commander's words end without a full stop, and its guesses stand on a line of their own.
  return sentence
    .replace(/\n\((.*)\)$/, '. $1')
    .replaceAll("'", '"')
    .replace(/[^.?]$/, '$&.')
}
