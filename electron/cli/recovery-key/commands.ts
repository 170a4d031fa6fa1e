import { paragraph, secretOptions, type GroupSpec } from '../command.ts'

const howToGive = paragraph(
  'It is asked for on the terminal without being shown, or comes by --secret-file or --secret-stdin;',
  'it is never an argument.',
)

/** `quayside recovery-key …` */
export const recoveryKeyCommands: GroupSpec = {
  name: 'recovery-key',
  summary: 'the one key that opens encrypted backups when this computer is gone',
  commands: [
    {
      usage: 'status',
      summary: 'Tell whether there is a recovery key, and since when it is saved',
      examples: [['recovery-key status --json', 'for a script']],
      load: async () => (await import('./recovery-key.ts')).showStatus,
    },
    {
      usage: 'show',
      summary: 'Print the recovery key, to be saved outside this computer; makes it at first',
      details: paragraph(
        'Whoever has it and a destination can read all encrypted backups there. Keep it where you keep',
        'what must survive this computer, such as a password manager or a sheet of paper in a safe.',
      ),
      examples: [
        ['recovery-key show', 'to write it down'],
        ['recovery-key show > key.txt', 'into a file; move it away from here'],
      ],
      load: async () => (await import('./recovery-key.ts')).show,
    },
    {
      usage: 'confirm',
      summary: 'Confirm that the recovery key is saved, by the key or its last group',
      details: paragraph('Until then no encrypted backup is made.', howToGive),
      options: secretOptions,
      examples: [
        ['recovery-key confirm', 'asks for it'],
        ['recovery-key confirm --secret-file key.txt', 'from where it was saved'],
      ],
      load: async () => (await import('./recovery-key.ts')).confirm,
    },
    {
      usage: 'enter <destination>',
      summary: 'Open the backups at a destination that another installation made',
      details: paragraph(
        'Needs the recovery key of that installation.',
        'Where this computer has none of its own yet, it becomes its own.',
        howToGive,
      ),
      options: secretOptions,
      examples: [['recovery-key enter cold', 'asks for the recovery key; then "backup scan cold"']],
      load: async () => (await import('./recovery-key.ts')).enter,
    },
  ],
}
