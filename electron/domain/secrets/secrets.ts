import type { Service } from '../core.ts'
import type { Publish, Secrets } from '../ports.ts'

/** Where passwords are kept, and the vault file for those who have no keychain. */
export function createSecretsService(deps: {
  secrets: Secrets
  publish: Publish
}): Service<'secrets'> {
  const { secrets, publish } = deps
  const changed = (): void => publish({ type: 'changed', topic: 'secrets' })
  return {
    status: () => secrets.status(),
    createVault: async ({ passphrase }) => {
      await secrets.createVault(passphrase)
      changed()
      return secrets.status()
    },
    unlockVault: async ({ passphrase }) => {
      await secrets.unlockVault(passphrase)
      changed()
      return secrets.status()
    },
  }
}
