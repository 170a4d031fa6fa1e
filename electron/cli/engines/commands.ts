import type { GroupSpec } from '../command.ts'

/** `quayside engine …` */
export const engineCommands: GroupSpec = {
  name: 'engine',
  summary: 'the kinds of database there are',
  commands: [
    {
      usage: 'list',
      summary: 'List the engines and their versions, the default first',
      examples: [['engine list', 'what --engine and --version may be']],
      load: async () => (await import('./list-engines.ts')).listEngines,
    },
  ],
}
