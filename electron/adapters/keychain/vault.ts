import { existsSync } from 'node:fs'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Clock } from '../../domain/ports.ts'
import { readIfThere, withLock, writeWhole } from './private-file.ts'
import { deriveKey, newHeader, parseVault, seal, unseal, vaultDamaged } from './vault-file.ts'
import type { VaultFile } from './vault-file.ts'

export interface VaultOptions {
  path: string
  clock: Clock
}

/** A file of secrets behind a passphrase. Its existence is the user's choice to use it. */
export interface Vault {
  exists(): boolean
  isOpen(): boolean
  /** Reads the file without opening it. @throws QuaysideError `vault_damaged` */
  check(): Promise<void>
  /** Makes the file and opens it. @throws QuaysideError `invalid_input` where there is one already */
  create(passphrase: string): Promise<void>
  /** @throws QuaysideError `vault_passphrase_wrong`, `vault_damaged`, `not_found` */
  unlock(passphrase: string): Promise<void>
  /** @throws QuaysideError `vault_locked`, `vault_damaged`, as the next two do */
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<void>
  delete(key: string): Promise<void>
}

/**
 * The file is read again before every use, and written under a lock: a window and a command line that
 * have opened the same vault lose nothing of each other's. Only the key is kept, and only in memory.
 */
export function createVaultStore({ path, clock }: VaultOptions): Vault {
  let opened: { key: Buffer; salt: string } | null = null

  const read = async (): Promise<VaultFile> => {
    const text = await readIfThere(path)
    if (text === null) throw noVault()
    return parseVault(path, text)
  }
  const open = async (): Promise<{
    file: VaultFile
    key: Buffer
    secrets: Map<string, string>
  }> => {
    const file = await read()
    // Another salt means another vault, made after ours was taken away.
    if (opened === null || opened.salt !== file.header.kdf.salt) throw vaultLocked()
    return { file, key: opened.key, secrets: unsealOpened(path, file, opened.key) }
  }
  const change = (edit: (secrets: Map<string, string>) => boolean): Promise<void> =>
    withLock(path, clock, async () => {
      const { file, key, secrets } = await open()
      if (edit(secrets)) await writeWhole(path, seal(file.header, key, secrets))
    })
  return {
    exists: () => existsSync(path),
    isOpen: () => opened !== null,
    async check() {
      const { header } = await read()
      if (opened !== null && opened.salt !== header.kdf.salt) opened = null
    },
    async create(passphrase) {
      if (existsSync(path)) throw vaultThere()
      const header = newHeader()
      const key = await deriveKey(passphrase, header)
      await withLock(path, clock, async () => {
        if (existsSync(path)) throw vaultThere()
        await writeWhole(path, seal(header, key, new Map()))
      })
      opened = { key, salt: header.kdf.salt }
    },
    async unlock(passphrase) {
      const file = await read()
      const key = await deriveKey(passphrase, file.header)
      unseal(path, file, key)
      opened = { key, salt: file.header.kdf.salt }
    },
    get: async (key) => (await open()).secrets.get(key) ?? null,
    set: (key, value) =>
      change((secrets) => {
        if (secrets.get(key) === value) return false
        secrets.set(key, value)
        return true
      }),
    delete: (key) => change((secrets) => secrets.delete(key)),
  }
}

/** The passphrase was right before, so it is not to blame now. */
function unsealOpened(path: string, file: VaultFile, key: Buffer): Map<string, string> {
  try {
    return unseal(path, file, key)
  } catch (error) {
    throw vaultDamaged(path, error)
  }
}

/** `vault_locked`: the passphrase is needed first. */
export function vaultLocked(): QuaysideError {
  return new QuaysideError('vault_locked', 'The vault that holds your passwords is locked.', {
    hint: 'Unlock it with its passphrase.',
  })
}

function noVault(): QuaysideError {
  return new QuaysideError('not_found', 'There is no vault file.', {
    hint: 'Passwords are kept in this computer’s keychain. A vault is made only when you choose it.',
  })
}

function vaultThere(): QuaysideError {
  return new QuaysideError('invalid_input', 'There is a vault already.', {
    hint: 'Unlock it with its passphrase.',
  })
}
