import type { HostId } from '../../../shared/contract/hosts.ts'
import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type { DestinationId } from '../../../shared/contract/destinations.ts'
import type { SecretsStatus } from '../../../shared/contract/secrets.ts'

/**
 * The OS keychain, or the vault file where the user chose it.
 * Every call throws QuaysideError `keychain_unavailable`, `keychain_locked`, `vault_locked` …
 * and never falls back to plain text. No call takes longer than ten seconds.
 */
export interface Secrets {
  status(): Promise<SecretsStatus>
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<void>
  /** Deleting what isn't there is fine. */
  delete(key: string): Promise<void>
  createVault(passphrase: string): Promise<void>
  unlockVault(passphrase: string): Promise<void>
  /** Resolves once no call is under way: the native library must not be in one when the program ends. */
  settle(): Promise<void>
}

/** Where each secret lies. */
export const secretKeys = {
  hostLogin: (id: HostId) => `host/${id}/login`,
  /** The password of a server elsewhere, for as long as a database is imported from it. */
  importSource: (id: DatabaseId) => `database/${id}/import-source`,
  databasePassword: (id: DatabaseId) => `database/${id}/password`,
  destinationCredentials: (id: DestinationId) => `destination/${id}/credentials`,
  /** Ids of a destination's keys and which is current; the keys lie one by one. */
  destinationKeys: (destinationId: DestinationId) => `destination/${destinationId}/keys`,
  destinationKey: (destinationId: DestinationId, keyId: string) =>
    `destination/${destinationId}/key/${keyId}`,
  recoveryKey: 'recovery-key',
  /** When the user said that the recovery key is saved, and which one that was. */
  recoveryKeySaved: 'recovery-key/saved',
}
