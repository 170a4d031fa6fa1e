import { join } from 'node:path'
import type { SecretsStatus } from '../../../shared/contract/secrets.ts'
import { toErrorData } from '../../../shared/errors.ts'
import type { Clock, Secrets } from '../../domain/ports.ts'
import { loadKeytar } from './keytar.ts'
import type { Keytar } from './keytar.ts'
import { createOsKeychain } from './os-keychain.ts'
import { createVaultStore, vaultLocked } from './vault.ts'

export interface SecretsOptions {
  /** Quayside's data folder; the vault file lies in it if the user chose one. */
  home: string
  /**
   * The name under which the keychain shows our entries. All homes share it: keys carry the ids of
   * what they belong to, which are unique.
   */
  service: string
  clock: Clock
  /** Told of every value that passes, so that no log ever holds it. */
  redact?: { add(secret: string): void } | undefined
  /** Where the native library comes from. */
  load?: (() => Promise<Keytar>) | undefined
}

/** The keychain, or the vault file while there is one. */
export function createSecrets(options: SecretsOptions): Secrets {
  const { home, service, clock, redact, load = loadKeytar } = options
  const vault = createVaultStore({ path: join(home, 'vault.json'), clock })
  const keychain = createOsKeychain({ service, clock, load })
  const place = () => (vault.exists() ? vault : keychain)

  const vaultStatus = async (): Promise<SecretsStatus> => {
    try {
      await vault.check()
    } catch (error) {
      return { place: 'vault', state: 'absent', error: toErrorData(error) }
    }
    if (vault.isOpen()) return { place: 'vault', state: 'ready', error: null }
    return { place: 'vault', state: 'locked', error: toErrorData(vaultLocked()) }
  }
  const keychainStatus = async (): Promise<SecretsStatus> => {
    try {
      await keychain.probe()
      return { place: 'keychain', state: 'ready', error: null }
    } catch (thrown) {
      const error = toErrorData(thrown)
      const state = error.code === 'keychain_locked' ? 'locked' : 'absent'
      return { place: 'keychain', state, error }
    }
  }
  return {
    status: () => (vault.exists() ? vaultStatus() : keychainStatus()),
    async get(key) {
      const value = await place().get(key)
      if (value !== null) redact?.add(value)
      return value
    },
    async set(key, value) {
      redact?.add(value)
      await place().set(key, value)
    },
    delete: (key) => place().delete(key),
    async createVault(passphrase) {
      redact?.add(passphrase)
      await vault.create(passphrase)
    },
    async unlockVault(passphrase) {
      redact?.add(passphrase)
      await vault.unlock(passphrase)
    },
    settle: keychain.settle,
  }
}
