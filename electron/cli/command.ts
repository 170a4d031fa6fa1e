import type { Command } from 'commander'
import type { Cli } from './cli.ts'

/** What a command does; options are as typed, for its own schema to parse. */
export type Action = (
  cli: Cli,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
) => Promise<void>

/** One command, without what it does: that is loaded when it is called, so that help is quick. */
export interface CommandSpec {
  /** Name and arguments: `show <database>`. */
  usage: string
  summary: string
  /** Paragraphs below the summary. */
  details?: string
  options?: readonly OptionSpec[]
  /** What to type behind `quayside`, and what it does. */
  examples: readonly (readonly [string, string])[]
  readonly load: () => Promise<Action>
}

/** An option: flags, what it is, and the values it may have. */
export interface OptionSpec {
  flags: string
  text: string
  choices?: readonly string[]
}

/** Commands of one noun. */
export interface GroupSpec {
  name: string
  summary: string
  commands: readonly CommandSpec[]
}

/** The command that was typed. */
export interface Chosen {
  load: CommandSpec['load']
  args: readonly string[]
  /** Knows the options as typed, here and further up. */
  command: Command
}

/** Runs the command that was typed. */
export type Handle = (chosen: Chosen) => Promise<void>

/** The options that tell which database is meant, where its name alone does not. */
export const whichDatabase: readonly OptionSpec[] = [
  { flags: '--host <host>', text: 'only on this host' },
  { flags: '--environment <environment>', text: 'only of this environment' },
]

/** How a database is named, for the help of each command that takes one. */
export const databaseNaming =
  'DATABASE is its name, NAME@HOST, or its id. A name that fits several is refused with the list of them.'

/** Where a secret may come from. */
export const secretOptions: readonly OptionSpec[] = [
  { flags: '--secret-file <file>', text: 'read the password or passphrase from a file' },
  { flags: '--secret-stdin', text: 'read the password or passphrase from standard input' },
]

/** Lines of source that are one paragraph of help: the terminal's width breaks it, not ours. */
export function paragraph(...lines: readonly string[]): string {
  return lines.join(' ')
}
