import {
  databaseNaming,
  paragraph,
  whichDatabase,
  type CommandSpec,
  type GroupSpec,
} from '../command.ts'

const backupNaming =
  'BACKUP is its id or the beginning of it, or DATABASE@latest for the newest that is whole.'
const fromOption = {
  flags: '--from <destination>',
  text: 'which copy; may be left out when there is one',
}

/** `quayside backup …` */
export const backupCommands: GroupSpec = {
  name: 'backup',
  summary: 'backups of databases, and whether they are whole',
  commands: [
    {
      usage: 'create <database>',
      summary: 'Back a database up, read the backup back, and make its copies',
      details: [
        databaseNaming,
        '',
        paragraph(
          'The dump goes to the first destination, the others get copies of it. It counts only when',
          'the dump tool, both ends of the transfer and the destination agree; then it is read back.',
          'Ends with exit code 0 only when every copy was verified. Ctrl-C cancels: nothing stays.',
        ),
      ].join('\n'),
      options: [
        ...whichDatabase,
        { flags: '--to <destinations...>', text: 'where; may be left out when there is one' },
        {
          flags: '--codec <codec>',
          text: 'how it is compressed (zstd)',
          choices: ['none', 'gzip', 'zstd', 'lz4'],
        },
        { flags: '--no-encrypt', text: 'store it readable by all who can read the destination' },
        { flags: '--detach', text: 'do not wait; an open window or the next command goes on' },
      ],
      examples: [
        ['backup create shop --to disk', 'encrypted, to one destination'],
        ['backup create shop --to disk cold', 'and a copy off site'],
      ],
      load: async () => (await import('./create-backup.ts')).createBackup,
    },
    {
      usage: 'status [database]',
      summary: 'Show how fresh the backups of databases are, and what is late, failed or gone',
      details: [
        databaseNaming,
        '',
        paragraph(
          'The age of the newest good backup anywhere and off-site, the next one, when one was last proven by',
          'a restore, and what is late or has failed, by destination. Ends with exit code 12 where something',
          'is late, all backups of a database are gone from a destination, or the last backup or test restore',
          'failed.',
        ),
      ].join('\n'),
      options: whichDatabase,
      examples: [
        ['backup status', 'of all databases'],
        ['backup status --json --quiet || mail-me', 'for a monitor'],
      ],
      load: async () => (await import('./backup-status.ts')).backupStatus,
    },
    {
      usage: 'list [database]',
      summary: 'List backups and the state of each copy',
      details: databaseNaming,
      options: whichDatabase,
      examples: [
        ['backup list', 'of all databases'],
        ['backup list shop --json', 'of one, for a script'],
      ],
      load: async () => (await import('./list-backups.ts')).listBackups,
    },
    {
      usage: 'show <backup>',
      summary: 'Show a backup: its copies, and the rows of each table',
      details: backupNaming,
      examples: [['backup show shop@latest', 'the newest that is whole']],
      load: async () => (await import('./list-backups.ts')).showBackup,
    },
    {
      usage: 'verify <backup>',
      summary: 'Read a copy back whole: decrypt, decompress, compare',
      details: `${backupNaming}\n\nEnds with exit code 0 only when every byte is as it was written.`,
      options: [fromOption],
      examples: [['backup verify shop@latest --from cold', 'the copy off site']],
      load: async () => (await import('./change-backup.ts')).verifyBackup,
    },
    {
      usage: 'test <backup>',
      summary: 'Restore a copy into a throw-away container, and compare the rows',
      details: [
        backupNaming,
        '',
        paragraph(
          'On the host of its database, or on another one, in a server made for that alone: without a',
          'port or a network, gone afterwards with its data. The database itself is not touched, and need',
          'not be there any more. Ends with exit code 0 only when every table came out with the rows that',
          'the backup says. Ctrl-C cancels: nothing stays.',
        ),
      ].join('\n'),
      options: [
        fromOption,
        {
          flags: '--host <host>',
          text: 'where it is tested (the host of its database, or the only host)',
        },
      ],
      examples: [
        ['backup test shop@latest', 'prove the newest'],
        ['backup test 3f2a9c1b --host ams-2', 'of a database that is not here any more'],
      ],
      load: async () => (await import('./change-backup.ts')).testBackup,
    },
    {
      usage: 'restore <backup>',
      summary: 'Restore a backup as a new database, or in the place of one',
      details: [
        backupNaming,
        '',
        paragraph(
          'The new database exists only once all is in it and every table has the rows that the backup',
          'says; the one it was made of is left alone. With --in-place a safety backup is made and read',
          'back first, the new data is filled in beside the old one and takes its place in one instant;',
          'the old one stays in the server under another name. Ctrl-C cancels: nothing stays.',
        ),
      ].join('\n'),
      options: [
        fromOption,
        { flags: '--as <name>', text: 'name of the new database ({name}-restored-YYYYMMDD-HHMM)' },
        { flags: '--host <host>', text: 'where the new one shall be (the host it was on)' },
        { flags: '--environment <environment>', text: 'of the new one (that of the backup)' },
        { flags: '--in-place', text: 'in the place of the database it was made of' },
        { flags: '--into <database>', text: 'with --in-place: of another one, NAME or NAME@HOST' },
        {
          flags: '--confirm <name>',
          text: 'with --in-place: the database’s name, typed once more',
        },
        { flags: '--plan', text: 'show exactly what would be done, and stop' },
        { flags: '--detach', text: 'do not wait; an open window or the next command goes on' },
      ],
      examples: [
        ['backup restore shop@latest', 'beside it, as a new database'],
        ['backup restore 3f2a9c1b --as shop-old --host ams-2', 'on another host'],
        ['backup restore shop@latest --in-place --confirm shop', 'replace its data'],
        ['backup restore shop@latest --in-place --into shop-test', 'replace another’s data'],
        ['backup restore shop@latest --plan', 'look first'],
      ],
      load: async () => (await import('./restore-backup.ts')).restoreBackup,
    },
    {
      usage: 'export <database> <file>',
      summary: 'Dump a database to a new file of this computer',
      details: [
        databaseNaming,
        '',
        paragraph(
          'In the custom format of its own dump tool. The ending says how it is compressed: .gz, .zst, .lz4, or not.',
          'The file is there once it is whole, and nothing is overwritten. It is not encrypted.',
        ),
      ].join('\n'),
      options: whichDatabase,
      examples: [['backup export shop shop.dump.gz', 'to a file']],
      load: async () => (await import('./transfer-file.ts')).exportFile,
    },
    {
      usage: 'import [file]',
      summary: 'Make a new database of a dump, of SQL statements, or of a server elsewhere',
      details: paragraph(
        'What the file is, and how it is compressed, is looked at: custom format or plain SQL, by gzip,',
        'zstd, lz4 or not. It is imported by a role that owns the new database and can do nothing outside',
        'of it; owners and grants are left out. A file that fails leaves no database. With --from-url it',
        'comes from a server elsewhere, as the host reaches it: the connection string is asked for, or',
        'read by --secret-file or --secret-stdin, never from the command line, which others can see.',
      ),
      options: [
        { flags: '--as <name>', text: 'name of the new database' },
        { flags: '--from-url', text: 'from a server elsewhere, by its connection string' },
        { flags: '--secret-file <file>', text: 'the connection string, from a file' },
        { flags: '--secret-stdin', text: 'the connection string, from standard input' },
        { flags: '--host <host>', text: 'where; may be left out when there is one host' },
        { flags: '--engine <engine>', text: 'see "quayside engine list" (the first one)' },
        { flags: '--version <version>', text: 'version of the engine (the newest)' },
        {
          flags: '--environment <environment>',
          text: 'production, staging or development (the default)',
        },
      ],
      examples: [
        ['backup import old-shop.sql.gz --as shop', 'from a file'],
        ['backup import --from-url --as shop', 'from a server; asks for its connection string'],
      ],
      load: async () => (await import('./transfer-file.ts')).importDatabase,
    },
    {
      usage: 'remove <backup>',
      summary: 'Remove one copy of a backup for good',
      details: backupNaming,
      options: [
        fromOption,
        { flags: '--confirm <name>', text: 'the database’s name, typed once more' },
      ],
      examples: [['backup remove 3f2a9c1b --from disk --confirm shop', 'one copy']],
      load: async () => (await import('./change-backup.ts')).removeBackup,
    },
    {
      usage: 'scan <destination>',
      summary: 'Compare what is known with what lies at a destination',
      details: paragraph(
        'Finds backups of other installations, and copies that are gone. Nothing is changed there.',
      ),
      examples: [['backup scan cold', 'what is there']],
      load: async () => (await import('./change-backup.ts')).scanDestination,
    },
  ] satisfies CommandSpec[],
}
