import type { Core } from '../../domain/core.ts'
import type { Cli } from '../cli.ts'
import { isInteractive } from '../io.ts'
import { askSecret, readSecretFile } from '../secret-input.ts'

/**
 * Unlocks the vault, if the user keeps passwords in one. Without a passphrase file and without a
 * terminal it stays locked, and the call that needs it says so.
 *
 * @returns whether they can be used now
 * @throws QuaysideError `vault_passphrase_wrong`
 */
export async function openSecrets(cli: Cli, core: Core): Promise<boolean> {
  const options = { signal: cli.signal }
  const status = await core.secrets.status({}, options)
  if (status.place !== 'vault' || status.state !== 'locked') return status.state === 'ready'
  if (cli.vaultPassphraseFile !== undefined) {
    const passphrase = await readSecretFile(cli.vaultPassphraseFile, cli.out)
    await core.secrets.unlockVault({ passphrase }, options)
  } else if (isInteractive(cli.io)) {
    const passphrase = await askSecret(cli.io, 'passphrase of the vault')
    await core.secrets.unlockVault({ passphrase }, options)
  } else {
    return false
  }
  return true
}
