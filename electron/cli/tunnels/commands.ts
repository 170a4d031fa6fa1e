import { databaseNaming, paragraph, whichDatabase, type CommandSpec } from '../command.ts'

/** `quayside tunnel DATABASE…` */
export const tunnelCommand: CommandSpec = {
  usage: 'tunnel [databases...]',
  summary: 'open local ports to databases, until Ctrl-C',
  details: [
    databaseNaming,
    '',
    paragraph(
      'Prints one line for each database when its port accepts connections (with --json one JSON',
      'object a line) and stays in the foreground. SSH is used once a client connects. The port is the',
      'same each time for a database, unless --port asks for another; where another program has taken',
      'it, the tunnel moves to the next free one, says so, and stays there.',
    ),
    '',
    paragraph(
      'When a host is lost its ports stay: a client waits up to 20 s for it, and connections go on as',
      'soon as it answers again. Of several tunnels, one that can’t stay open is told and closed, the',
      'others stay. Ctrl-C or SIGTERM closes them all, with exit code 0; any other code says why the',
      'last one could not stay open.',
    ),
  ].join('\n'),
  options: [
    { flags: '--all', text: 'every database behind SSH' },
    ...whichDatabase,
    { flags: '--port <port>', text: 'local port to use' },
  ],
  examples: [
    ['tunnel shop', 'then, in another terminal: psql "$(quayside db url shop)"'],
    ['tunnel shop blog', 'two at once'],
    ['tunnel --all --environment production', 'all of an environment'],
    ['tunnel shop --port 6000', 'on a port of your choice'],
    ['tunnel shop --json', 'for a script that waits for the line'],
  ],
  load: async () => (await import('./open-tunnel.ts')).openTunnel,
}
