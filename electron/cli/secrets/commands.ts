import { paragraph, secretOptions, type GroupSpec } from '../command.ts'

/** `quayside vault …` */
export const vaultCommands: GroupSpec = {
  name: 'vault',
  summary: 'an encrypted file for passwords, where there is no keychain',
  commands: [
    {
      usage: 'create',
      summary: 'Keep passwords in a vault file instead of the keychain',
      details: paragraph(
        'For a computer without a keychain, such as a server without a desktop. The vault is',
        'encrypted with a passphrase of at least 12 characters, which can’t be recovered. It is asked',
        'for, or comes by --secret-file, --secret-stdin or --vault-passphrase-file.',
      ),
      options: secretOptions,
      examples: [
        ['vault create', 'asks for the passphrase twice'],
        ['vault create --secret-file passphrase', 'from a script'],
      ],
      load: async () => (await import('./vault.ts')).createVault,
    },
    {
      usage: 'status',
      summary: 'Tell where passwords are kept, and whether that place is open',
      examples: [['vault status', 'keychain or vault, ready or locked']],
      load: async () => (await import('./vault.ts')).showStatus,
    },
    {
      usage: 'unlock-check',
      summary: 'Check that the passphrase opens the vault; it is locked again at the end',
      options: secretOptions,
      examples: [['vault unlock-check --vault-passphrase-file passphrase', 'before a script runs']],
      load: async () => (await import('./vault.ts')).checkPassphrase,
    },
  ],
}
