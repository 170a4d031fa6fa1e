import { databaseNaming, paragraph, whichDatabase, type CommandSpec } from '../command.ts'

/** `quayside tunnel DATABASE` */
export const tunnelCommand: CommandSpec = {
  usage: 'tunnel <database>',
  summary: 'open a local port to a database, until Ctrl-C',
  details: [
    databaseNaming,
    '',
    paragraph(
      'Prints one line when the port accepts connections (with --json one JSON object) and stays in',
      'the foreground. The port is the same each time for a database, unless --port asks for another.',
      'When the host is lost the port stays, and connections go on as soon as it answers again.',
      'Ctrl-C or SIGTERM closes it, with exit code 0; any other code says why it could not stay open.',
    ),
  ].join('\n'),
  options: [...whichDatabase, { flags: '--port <port>', text: 'local port to use' }],
  examples: [
    ['tunnel shop', 'then, in another terminal: psql "$(quayside db url shop)"'],
    ['tunnel shop --port 6000', 'on a port of your choice'],
    ['tunnel shop --json', 'for a script that waits for the line'],
  ],
  load: async () => (await import('./open-tunnel.ts')).openTunnel,
}
