import * as z from 'zod'
import { contract } from '../../../shared/contract/index.ts'
import type { SecretsStatus } from '../../../shared/contract/secrets.ts'
import { fromErrorData, QuaysideError } from '../../../shared/errors.ts'
import type { Cli } from '../cli.ts'
import type { Action } from '../command.ts'
import { parseInput } from '../parse-input.ts'
import { askSecret, givenSecret, readSecretFile } from '../secret-input.ts'

const sourceSchema = z.object({
  secretFile: z.string().optional(),
  secretStdin: z.literal(true).optional(),
})

/** `vault create` */
export const createVault: Action = async (cli, _args, options) => {
  const given = await givenPassphrase(cli, options)
  const passphrase = given ?? (await askTwice(cli))
  const input = parseInput(contract['secrets.createVault'].input, { passphrase })
  const core = await cli.core()
  const status = await core.secrets.createVault(input, { signal: cli.signal })
  cli.out.result(status, () => 'Passwords are kept in the vault from now on.')
}

/** `vault status` */
export const showStatus: Action = async (cli) => {
  const core = await cli.core()
  const status = await core.secrets.status({}, { signal: cli.signal })
  cli.out.result(status, () => statusText(status))
}

/** `vault unlock-check` */
export const checkPassphrase: Action = async (cli, _args, options) => {
  const given = await givenPassphrase(cli, options)
  const core = await cli.core()
  const { place } = await core.secrets.status({}, { signal: cli.signal })
  if (place !== 'vault') {
    throw new QuaysideError('not_found', 'There is no vault; passwords are kept in the keychain.', {
      hint: '"quayside vault create" makes one.',
    })
  }
  const passphrase = given ?? (await askSecret(cli.io, 'passphrase of the vault'))
  const input = parseInput(contract['secrets.unlockVault'].input, { passphrase })
  const status = await core.secrets.unlockVault(input, { signal: cli.signal })
  if (status.error !== null) throw fromErrorData(status.error)
  cli.out.result(status, () => 'The passphrase opens the vault.')
}

async function givenPassphrase(
  cli: Cli,
  options: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  const given = await givenSecret(parseInput(sourceSchema, options), cli)
  if (given !== undefined || cli.vaultPassphraseFile === undefined) return given
  return readSecretFile(cli.vaultPassphraseFile, cli.out)
}

async function askTwice(cli: Cli): Promise<string> {
  const passphrase = await askSecret(cli.io, 'new passphrase of the vault')
  if ((await askSecret(cli.io, 'same passphrase again')) === passphrase) return passphrase
  throw new QuaysideError('invalid_input', 'The two passphrases differ.')
}

const stateWords = {
  keychain: {
    ready: 'Passwords are kept in the keychain of this computer.',
    locked: 'Passwords are kept in the keychain of this computer, which is locked.',
    absent: 'This computer has no keychain that answers.',
  },
  vault: {
    ready: 'Passwords are kept in the vault, which is open.',
    locked: 'Passwords are kept in the vault, which is locked.',
    absent: 'Passwords are kept in the vault, which can’t be read.',
  },
} as const

function statusText({ place, state, error }: SecretsStatus): string {
  const reason = error === null ? [] : [error.message, error.hint].filter((part) => part)
  return [stateWords[place][state], ...reason].join('\n')
}
