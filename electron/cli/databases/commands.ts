import { connectionFormats } from '../../../shared/connection-formats.ts'
import {
  databaseNaming,
  paragraph,
  whichDatabase,
  type CommandSpec,
  type GroupSpec,
} from '../command.ts'

/** `quayside db …` */
export const databaseCommands: GroupSpec = {
  name: 'db',
  summary: 'databases on your hosts',
  commands: [
    {
      usage: 'create <name>',
      summary: 'Create a database and wait until it accepts connections',
      details: paragraph(
        'Steps are told on stderr. Ctrl-C cancels: what was made so far is removed. A second Ctrl-C',
        'leaves it as it is, and the next start of Quayside goes on with it.',
      ),
      options: [
        { flags: '--host <host>', text: 'where; may be left out when there is one host' },
        { flags: '--engine <engine>', text: 'see "quayside engine list" (the first one)' },
        { flags: '--version <version>', text: 'version of the engine (the newest)' },
        {
          flags: '--environment <environment>',
          text: 'production, staging or development (the default)',
        },
        { flags: '--plan', text: 'show exactly what would be done, and stop' },
        { flags: '--detach', text: 'do not wait; an open window or the next command goes on' },
        { flags: '--tunnel', text: 'keep a tunnel to it open afterwards, until Ctrl-C' },
      ],
      examples: [
        ['db create shop --host ams-1', 'with all defaults'],
        ['db create shop --host ams-1 --version 16 --environment production', 'as it shall be'],
        ['db create shop --host ams-1 --plan', 'look first'],
      ],
      load: async () => (await import('./create-database.ts')).createDatabase,
    },
    {
      usage: 'list',
      summary: 'List the databases and how they are',
      options: [
        { flags: '--host <host>', text: 'only on this host' },
        { flags: '--environment <environment>', text: 'only of this environment' },
        { flags: '--trash', text: 'also those in the trash' },
      ],
      examples: [
        ['db list', 'all databases'],
        ['db list --host ams-1 --json', 'of one host, for a script'],
      ],
      load: async () => (await import('./list-databases.ts')).listDatabases,
    },
    {
      usage: 'show <database>',
      summary: 'Show all that is known of a database, with live numbers',
      details: databaseNaming,
      options: whichDatabase,
      examples: [['db show shop', 'state, size, connections, memory']],
      load: async () => (await import('./show-database.ts')).showDatabase,
    },
    {
      usage: 'stats <databases...>',
      summary: 'Show live numbers of running databases: CPU, memory, traffic, transactions',
      details: [
        databaseNaming,
        '',
        paragraph(
          'A rate is what happened between two readings, two seconds apart. Everything is read by one',
          'small shell loop on the host, which ends with this command. CPU is per cent of one core.',
        ),
        '',
        paragraph(
          'With --watch a database that tells nothing for three beats is left out and named once on',
          'stderr; with --json its numbers become null.',
        ),
      ].join('\n'),
      options: [
        ...whichDatabase,
        { flags: '-w, --watch', text: 'again every two seconds, until Ctrl-C' },
      ],
      examples: [
        ['db stats shop', 'now'],
        ['db stats shop blog --watch', 'two, live'],
        ['db stats shop --watch --json', 'a JSON object a line, for a script'],
      ],
      load: async () => (await import('./watch-stats.ts')).watchStats,
    },
    {
      usage: 'logs <database>',
      summary: 'Print what the database’s server writes',
      details: [
        databaseNaming,
        '',
        paragraph(
          'A line begins with its moment in UTC. The database’s password and control characters are',
          'left out. With --follow new lines are printed until Ctrl-C; after a lost link, and over a',
          'restart, it goes on where it was.',
        ),
      ].join('\n'),
      options: [
        ...whichDatabase,
        { flags: '--follow', text: 'go on with new lines' },
        { flags: '--since <age>', text: 'none older than this: 90s, 10m, 2h, 1d' },
        { flags: '--tail <lines>', text: 'as many of the newest lines (200; all with --since)' },
      ],
      examples: [
        ['db logs shop', 'the newest lines'],
        ['db logs shop --follow --since 10m', 'of the last ten minutes, and what comes'],
        ['db logs shop --tail 1000 --json', 'a JSON object on each line, for a script'],
      ],
      load: async () => (await import('./print-logs.ts')).printLogs,
    },
    {
      usage: 'url <database>',
      summary: 'Print how to connect, with the password',
      details: [
        databaseNaming,
        '',
        paragraph(
          'A database that listens on its host’s loopback is reached through a tunnel: the address',
          'printed is the tunnel’s end on this computer. Its port stays the same for a database, so',
          'the string can be kept; it works while "quayside tunnel DATABASE" or the window’s tunnel',
          'is open. When none is, a note on stderr says so.',
        ),
        '',
        paragraph(
          'A template is any text with {host} {port} {user} {password} {database} {sslmode} {name};',
          '{password:url} is the same percent-encoded, {{ and }} are braces.',
        ),
      ].join('\n'),
      options: [
        ...whichDatabase,
        { flags: '--format <format>', text: 'how it is written (url)', choices: connectionFormats },
        { flags: '--template <template>', text: 'a text of your own, with placeholders' },
      ],
      examples: [
        ['db url shop', 'as a URL'],
        ['db url shop --format env >> .env', 'as a line for .env'],
        ["db url shop --template '{host}:{port}:{database}:{user}:{password}'", 'for ~/.pgpass'],
        ['db url shop --json', 'in parts, for a script'],
      ],
      load: async () => (await import('./connect.ts')).printConnection,
    },
    {
      usage: 'password <database>',
      summary: 'Print the password alone',
      details: databaseNaming,
      options: whichDatabase,
      examples: [['db password shop', 'for a client that asks for it']],
      load: async () => (await import('./connect.ts')).printPassword,
    },
    control('start', 'Start a stopped database and wait until it accepts connections'),
    control('stop', 'Stop a database'),
    control('restart', 'Restart a database and wait until it accepts connections'),
    {
      usage: 'delete <database>',
      summary: 'Put a database into the trash: stopped, its data kept',
      details: `${databaseNaming}\n\n"quayside db undelete" brings it back. The name is typed again by --confirm, or asked for.`,
      options: [
        ...whichDatabase,
        { flags: '--confirm <name>', text: 'the database’s name once more' },
      ],
      examples: [['db delete shop --confirm shop', 'into the trash']],
      load: async () => (await import('./control-database.ts')).deleteDatabase,
    },
    {
      usage: 'undelete <database>',
      summary: 'Bring a database back from the trash',
      details: databaseNaming,
      options: whichDatabase,
      examples: [['db undelete shop', 'out of the trash, and started']],
      load: async () => (await import('./control-database.ts')).undeleteDatabase,
    },
    {
      usage: 'purge <database>',
      summary: 'Remove a database in the trash for good, with its data',
      details: `${databaseNaming}\n\nThis can’t be undone. The name is typed again by --confirm, or asked for.`,
      options: [
        ...whichDatabase,
        { flags: '--confirm <name>', text: 'the database’s name once more' },
      ],
      examples: [['db purge shop --confirm shop', 'container, volume, password: all gone']],
      load: async () => (await import('./control-database.ts')).purgeDatabase,
    },
    {
      usage: 'protect <database>',
      summary: 'Refuse to delete a database until it is unprotected',
      details: databaseNaming,
      options: whichDatabase,
      examples: [['db protect shop', 'against delete']],
      load: async () => (await import('./control-database.ts')).protectDatabase,
    },
    {
      usage: 'unprotect <database>',
      summary: 'Allow to delete a protected database',
      details: databaseNaming,
      options: whichDatabase,
      examples: [['db unprotect shop', 'before a delete']],
      load: async () => (await import('./control-database.ts')).unprotectDatabase,
    },
  ],
}

function control(verb: 'start' | 'stop' | 'restart', summary: string): CommandSpec {
  return {
    usage: `${verb} <database>`,
    summary,
    details: databaseNaming,
    options: whichDatabase,
    examples: [
      [`db ${verb} shop`, `${verb} shop`],
      [`db ${verb} shop@ams-1`, 'when several hosts have a shop'],
    ],
    load: async () => {
      const actions = await import('./control-database.ts')
      return actions.controlDatabase(verb)
    },
  }
}
