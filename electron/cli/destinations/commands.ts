import { paragraph, secretOptions, type GroupSpec } from '../command.ts'

const fields = paragraph(
  'A field is given by --set FIELD=VALUE; "destination kinds" lists the fields of each kind. Fields',
  'that are secret are asked for, or come by --secret-file or --secret-stdin: as lines FIELD=VALUE,',
  'or, where the kind has one alone, as it is. They are kept in the keychain and never stand in a',
  'command line.',
)

/** `quayside destination …` */
export const destinationCommands: GroupSpec = {
  name: 'destination',
  summary: 'places where backups go',
  commands: [
    {
      usage: 'kinds',
      summary: 'List the kinds of destinations and what each has to be given',
      examples: [['destination kinds', 'kinds and their fields']],
      load: async () => (await import('./list-destinations.ts')).listKinds,
    },
    {
      usage: 'list',
      summary: 'List the destinations',
      examples: [['destination list --json', 'for a script']],
      load: async () => (await import('./list-destinations.ts')).listDestinations,
    },
    {
      usage: 'add <name>',
      summary: 'Add a destination, after writing, reading, listing and deleting there',
      details: fields,
      options: [
        { flags: '--kind <kind>', text: 'its kind, by "destination kinds"' },
        { flags: '--set <field=value...>', text: 'a field of the kind' },
        { flags: '--unchecked', text: 'add it without trying it' },
        ...secretOptions,
      ],
      examples: [
        [
          'destination add disk --kind KIND --set folder=/mnt/backups',
          'KIND from "destination kinds"',
        ],
        [
          'destination add cold --kind KIND --set bucket=shop region=eu-central-1',
          'asks for what is secret',
        ],
      ],
      load: async () => (await import('./add-destination.ts')).addDestination,
    },
    {
      usage: 'check <name>',
      summary: 'Write, read, list and delete a small object at a destination',
      details: 'Ends with exit code 0 only when all four can be done.',
      examples: [['destination check cold', 'can backups go there']],
      load: async () => (await import('./check-destination.ts')).checkDestination,
    },
    {
      usage: 'set <name>',
      summary: 'Change fields or credentials of a destination',
      details: fields,
      options: [
        { flags: '--rename <name>', text: 'another name' },
        { flags: '--set <field=value...>', text: 'a field of the kind' },
        ...secretOptions,
      ],
      examples: [
        ['destination set cold --set folder=shop', 'another folder'],
        ['destination set cold --secret-file keys', 'new credentials'],
      ],
      load: async () => (await import('./add-destination.ts')).setDestination,
    },
    {
      usage: 'rotate-key <name>',
      summary: 'Make a new key for the encrypted backups at a destination from now on',
      details: 'Older backups stay as they are; the recovery key opens them all.',
      examples: [['destination rotate-key cold', 'a new key for cold']],
      load: async () => (await import('./rotate-key.ts')).rotateKey,
    },
    {
      usage: 'remove <name>',
      summary: 'Forget a destination and its credentials; what lies there stays',
      options: [
        { flags: '--confirm <name>', text: 'its name again, where schedules or backups need it' },
      ],
      examples: [['destination remove cold', 'forget cold']],
      load: async () => (await import('./list-destinations.ts')).removeDestination,
    },
  ],
}
