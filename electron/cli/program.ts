import { Command, Option } from 'commander'
import { exitCodeMeanings } from './exit-codes.ts'
import type { CommandSpec, GroupSpec, Handle, OptionSpec } from './command.ts'
import { backupCommands } from './backups/commands.ts'
import { databaseCommands } from './databases/commands.ts'
import { destinationCommands } from './destinations/commands.ts'
import { engineCommands } from './engines/commands.ts'
import { hostCommands } from './hosts/commands.ts'
import { jobCommands } from './jobs/commands.ts'
import { recoveryKeyCommands } from './recovery-key/commands.ts'
import { scheduleCommands } from './schedules/commands.ts'
import { vaultCommands } from './secrets/commands.ts'
import { tunnelCommand } from './tunnels/commands.ts'

const everywhere: readonly OptionSpec[] = [
  { flags: '--json', text: 'one JSON value on stdout, JSON lines on stderr' },
  { flags: '-q, --quiet', text: 'no progress and no notes' },
  { flags: '--no-color', text: 'no colours (NO_COLOR does the same)' },
  { flags: '--vault-passphrase-file <file>', text: 'passphrase of the vault, where one is used' },
]

/** Where commander may write. */
export interface ProgramOutput {
  out(text: string): void
}

/** The whole command line as a tree; `handle` runs what was chosen. */
export function createProgram(version: string, output: ProgramOutput, handle: Handle): Command {
  const program = new Command('quayside')
    .description('Databases on your own servers, from the command line.')
    .version(version, '-V, --version', 'print the version')
    .usage('COMMAND [options]')
    .exitOverride()
    // Global options come before a command or behind it; between them each command has its own.
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .configureHelp({ sortSubcommands: false, sortOptions: false })
    .configureOutput({
      writeOut: (text) => output.out(text),
      // The error itself is thrown too, and said by whoever catches it.
      writeErr: () => undefined,
    })
  for (const group of groups) addGroup(program, group, handle)
  addCommand(program, tunnelCommand, handle)
  addEverywhere(program)
  program.addHelpText('after', `\n${environmentHelp()}\n\n${exitCodeHelp()}`)
  return program
}

const groups: readonly GroupSpec[] = [
  hostCommands,
  databaseCommands,
  engineCommands,
  backupCommands,
  scheduleCommands,
  destinationCommands,
  recoveryKeyCommands,
  jobCommands,
  vaultCommands,
]

function addGroup(program: Command, group: GroupSpec, handle: Handle): void {
  const made = program.command(group.name).description(group.summary).usage('COMMAND [options]')
  for (const spec of group.commands) addCommand(made, spec, handle)
  addEverywhere(made)
}

function addCommand(parent: Command, spec: CommandSpec, handle: Handle): void {
  const made = parent.command(spec.usage).summary(spec.summary)
  made.description(spec.details === undefined ? spec.summary : `${spec.summary}\n\n${spec.details}`)
  for (const option of spec.options ?? []) made.addOption(makeOption(option))
  addEverywhere(made)
  const examples = spec.examples.map(([line, text]) => `  # ${text}\n  $ quayside ${line}`)
  made.addHelpText('after', `\nExamples:\n${examples.join('\n')}`)
  made.action((...given: unknown[]) => {
    // An argument that may be repeated comes as a list.
    const args = given
      .slice(0, -2)
      .flat()
      .filter((value) => typeof value === 'string')
    return handle({ load: spec.load, args, command: made })
  })
}

function addEverywhere(command: Command): void {
  for (const option of everywhere) command.addOption(makeOption(option))
}

function makeOption(spec: OptionSpec): Option {
  const option = new Option(spec.flags, spec.text)
  return spec.choices === undefined ? option : option.choices(spec.choices)
}

function environmentHelp(): string {
  return [
    'Environment:',
    '  QUAYSIDE_HOME  folder that holds Quayside’s data, in place of the usual one',
    '  NO_COLOR       no colours',
    '  DEBUG          show the technical cause of an error too',
  ].join('\n')
}

function exitCodeHelp(): string {
  const lines = exitCodeMeanings.map(([code, text]) => `  ${String(code).padStart(3)}  ${text}`)
  return ['Exit codes:', ...lines].join('\n')
}
