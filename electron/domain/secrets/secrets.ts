import type { SecretsStatus } from '../../../shared/contract/secrets.ts'
import type { Service } from '../core.ts'
import type { Publish, Secrets } from '../ports.ts'

/** Where passwords are kept, and the vault file for those who have no keychain. */
export function createSecretsService(deps: {
  secrets: Secrets
  publish: Publish
  /** Told each time that passwords are found to be within reach. */
  onReady: () => void
}): Service<'secrets'> {
  const { secrets, publish, onReady } = deps
  const changed = (): void => publish({ type: 'changed', topic: 'secrets' })
  const status = async (): Promise<SecretsStatus> => {
    const found = await secrets.status()
    if (found.state === 'ready') onReady()
    return found
  }
  return {
    status,
    createVault: async ({ passphrase }) => {
      await secrets.createVault(passphrase)
      changed()
      return status()
    },
    unlockVault: async ({ passphrase }) => {
      await secrets.unlockVault(passphrase)
      changed()
      return status()
    },
  }
}
