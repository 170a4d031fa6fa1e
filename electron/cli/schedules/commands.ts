import { environments } from '../../../shared/names.ts'
import { paragraph, type GroupSpec } from '../command.ts'

const acceptOption = {
  flags: '--accept-removals',
  text: 'do it although retention would remove backups that are there',
}

const restingDetails = paragraph(
  'Where another schedule takes in the same databases and keeps fewer backups, those that would go',
  'without this one are listed, and nothing is changed without --accept-removals.',
)

/** What a schedule can be told. */
const planOptions = [
  {
    flags: '--to <destinations...>',
    text: 'where; the first gets the dump, the others copies',
  },
  { flags: '--database <database>', text: 'one database' },
  { flags: '--all', text: 'all databases' },
  { flags: '--host <host>', text: 'those on this host' },
  {
    flags: '--environment <environment>',
    text: 'those of this environment',
    choices: environments,
  },
  { flags: '--engine <engine>', text: 'those of this engine' },
  { flags: '--name-contains <text>', text: 'those with this in their name' },
  {
    flags: '--every <period>',
    text: 'at the full hour, or at 3:30 each day, Sunday or first of the month',
    choices: ['hour', 'day', 'week', 'month'],
  },
  {
    flags: '--cron <fields>',
    text: 'minute, hour, day, month, day of the week, as cron has it',
  },
  { flags: '--time-zone <zone>', text: 'such as Europe/Berlin (that of this computer)' },
  { flags: '--jitter <seconds>', text: 'spread the starts over so many seconds (60)' },
  { flags: '--keep <line=count...>', text: 'which stay (last=3 daily=7 weekly=4 monthly=6)' },
  {
    flags: '--codec <codec>',
    text: 'how they are compressed (zstd)',
    choices: ['none', 'gzip', 'zstd', 'lz4'],
  },
  {
    flags: '--test-restore <period>',
    text: 'how often a backup is proven by "backup test" (never)',
    choices: ['never', 'weekly', 'monthly'],
  },
]

const plainOption = {
  flags: '--no-encrypt',
  text: 'store them readable by all who can read the destination',
}

const saveOptions = [
  { flags: '--preview', text: 'show when it would run and what would go, and save nothing' },
  acceptOption,
]

/** `quayside schedule …` */
export const scheduleCommands: GroupSpec = {
  name: 'schedule',
  summary: 'backups that are made by themselves, and which of them stay',
  commands: [
    {
      usage: 'add <name>',
      summary: 'Back databases up at certain times',
      details: [
        paragraph(
          'Takes in one database by --database, or all that fit --host, --environment, --engine and',
          '--name-contains, those that come later too; --all takes in every one.',
        ),
        '',
        paragraph(
          'What no line of --keep keeps is removed after the next backup has been read back: last,',
          'hourly, daily, weekly and monthly are counts, size is the most bytes of one database at',
          'one destination. The newest verified backup is never removed. Where backups that are there',
          'would go, they are listed and nothing is saved without --accept-removals.',
        ),
        '',
        paragraph(
          'Schedules run while the window or the tray is open. Without either, let cron or systemd',
          'call "quayside schedule run-due" every few minutes.',
        ),
      ].join('\n'),
      options: [...planOptions, plainOption, ...saveOptions],
      examples: [
        ['schedule add nightly --all --every day --to disk cold', 'all databases, each night'],
        [
          'schedule add live --environment production --cron "*/30 * * * *" --to disk --keep last=48',
          'every half hour',
        ],
      ],
      load: async () => (await import('./add-schedule.ts')).addSchedule,
    },
    {
      usage: 'list',
      summary: 'List the schedules and their next runs',
      examples: [['schedule list --json', 'for a script']],
      load: async () => (await import('./list-schedules.ts')).listSchedules,
    },
    {
      usage: 'show <name>',
      summary: 'Show a schedule: its times, its databases, and what it keeps',
      examples: [['schedule show nightly', 'all about it']],
      load: async () => (await import('./list-schedules.ts')).showSchedule,
    },
    {
      usage: 'preview <name>',
      summary: 'Show the next runs and what retention would remove; nothing is changed',
      examples: [['schedule preview nightly', 'what would go']],
      load: async () => (await import('./list-schedules.ts')).previewSchedule,
    },
    {
      usage: 'edit <name>',
      summary: 'Change a schedule; what no option says stays as it is',
      details: paragraph(
        'Takes the options of "schedule add"; --keep says all that stays, and one that names databases',
        'says all of which. Where backups that are there would go, they are listed and nothing is saved',
        'without --accept-removals.',
      ),
      options: [
        { flags: '--rename <name>', text: 'its new name' },
        ...planOptions,
        { flags: '--encrypt', text: 'store them encrypted' },
        plainOption,
        ...saveOptions,
      ],
      examples: [
        ['schedule edit nightly --every week', 'less often'],
        ['schedule edit nightly --keep last=5 daily=14 --preview', 'what would go'],
      ],
      load: async () => (await import('./edit-schedule.ts')).editSchedule,
    },
    {
      usage: 'enable <name>',
      summary: 'Let a schedule run again',
      options: [acceptOption],
      examples: [['schedule enable nightly', 'from its next time on']],
      load: async () => (await import('./change-schedule.ts')).enableSchedule,
    },
    {
      usage: 'disable <name>',
      summary: 'Let a schedule rest; its backups stay',
      details: restingDetails,
      options: [acceptOption],
      examples: [['schedule disable nightly', 'until it is enabled']],
      load: async () => (await import('./change-schedule.ts')).disableSchedule,
    },
    {
      usage: 'remove <name>',
      summary: 'Remove a schedule; its backups stay',
      details: restingDetails,
      options: [acceptOption],
      examples: [['schedule remove nightly', 'no more backups by it']],
      load: async () => (await import('./change-schedule.ts')).removeSchedule,
    },
    {
      usage: 'run <name>',
      summary: 'Back up now all that a schedule takes in, and wait',
      details: 'Ends with exit code 0 only when every copy was verified.',
      examples: [['schedule run nightly', 'not waiting for the night']],
      load: async () => (await import('./run-schedules.ts')).runSchedule,
    },
    {
      usage: 'run-due',
      summary: 'Run the schedules whose time has come, and wait',
      details: paragraph(
        'For cron or systemd, on a computer where no window stays open. Beside an open window it does',
        'no harm: each time runs once. A failed backup is its exit code.',
      ),
      examples: [['schedule run-due --quiet', 'a line for a crontab']],
      load: async () => (await import('./run-schedules.ts')).runDue,
    },
  ],
}
