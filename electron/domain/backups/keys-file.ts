import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import * as z from 'zod'
import { canonicalJson } from '../../../shared/backup-manifest.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { BackupKey } from './stream/cipher-format.ts'

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`))

const keysFileSchema = z.strictObject({
  format: z.literal('quayside-keys'),
  version: z.literal(1),
  keys: z.array(
    z.strictObject({
      id: z.uuid(),
      createdAt: z.iso.datetime(),
      /** Which recovery key opens it: not secret, and no help in finding that key. */
      recoveryKeyId: hex(8),
      salt: hex(32),
      /** AES-256-GCM of the key's 32 bytes, with the tag behind. */
      wrapped: hex(48),
    }),
  ),
})

/** `quayside-keys.json`: a destination's keys, each wrapped by the recovery key of an installation. */
export type KeysFile = z.infer<typeof keysFileSchema>
export type WrappedKey = KeysFile['keys'][number]

/** Reads a keys file. @throws QuaysideError `backup_damaged`, or `backup_newer` for a later format */
export function readKeysFile(text: string): KeysFile {
  const json = parseJson(text)
  const head = z.looseObject({ format: z.literal('quayside-keys'), version: z.int().min(2) })
  if (head.safeParse(json).success) {
    throw new QuaysideError('backup_newer', 'The destination’s keys are of a newer Quayside.', {
      hint: 'Update Quayside on this computer, then try again.',
    })
  }
  const read = keysFileSchema.safeParse(json)
  if (!read.success) throw damagedKeys(z.prettifyError(read.error))
  return read.data
}

/** The file with these keys added; those of other recovery keys stay. `file` is null where none lies. */
export function addToKeysFile(file: KeysFile | null, added: readonly WrappedKey[]): KeysFile {
  const isAdded = (key: WrappedKey): boolean =>
    added.some(({ id, recoveryKeyId }) => id === key.id && recoveryKeyId === key.recoveryKeyId)
  const kept = file?.keys.filter((key) => !isAdded(key)) ?? []
  return { format: 'quayside-keys', version: 1, keys: [...kept, ...added] }
}

/** The file as it is stored. */
export function writeKeysFile(file: KeysFile): string {
  return `${canonicalJson(keysFileSchema.parse(file))}\n`
}

/** Wraps a destination's key. The wrapping key is new each time, by its salt. */
export function wrapKey(
  key: BackupKey & { createdAt: string },
  recoveryKey: Uint8Array,
  salt: Buffer = randomBytes(32),
): WrappedKey {
  const cipher = createCipheriv('aes-256-gcm', wrappingKey(recoveryKey, salt), nonce)
  cipher.setAAD(additional(key.id))
  const wrapped = Buffer.concat([cipher.update(key.bytes), cipher.final(), cipher.getAuthTag()])
  return {
    id: key.id,
    createdAt: key.createdAt,
    recoveryKeyId: recoveryKeyId(recoveryKey),
    salt: salt.toString('hex'),
    wrapped: wrapped.toString('hex'),
  }
}

/**
 * The keys of a file that this recovery key opens, oldest first.
 * @throws QuaysideError `recovery_key_wrong` if it opens none, `backup_damaged` if it should but can't
 */
export function unwrapKeys(
  file: KeysFile,
  recoveryKey: Uint8Array,
): (BackupKey & { createdAt: string })[] {
  const id = recoveryKeyId(recoveryKey)
  const ours = file.keys.filter((key) => key.recoveryKeyId === id)
  if (ours.length === 0) {
    throw new QuaysideError('recovery_key_wrong', 'This recovery key opens no key here.', {
      hint: 'Enter the recovery key of the installation that made the backups.',
      detail: `recovery key ${id}; the destination has keys of ${[...new Set(file.keys.map((key) => key.recoveryKeyId))].join(', ') || 'none'}`,
    })
  }
  return ours
    .map((key) => ({ id: key.id, createdAt: key.createdAt, bytes: unwrapKey(key, recoveryKey) }))
    .sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt))
}

/** Tells recovery keys apart: 8 bytes, in hex. */
export function recoveryKeyId(recoveryKey: Uint8Array): string {
  const info = 'quayside recovery key id v1'
  return Buffer.from(hkdfSync('sha256', recoveryKey, new Uint8Array(0), info, 8)).toString('hex')
}

function unwrapKey(key: WrappedKey, recoveryKey: Uint8Array): Uint8Array {
  const wrapped = Buffer.from(key.wrapped, 'hex')
  const wrapping = wrappingKey(recoveryKey, Buffer.from(key.salt, 'hex'))
  const decipher = createDecipheriv('aes-256-gcm', wrapping, nonce, { authTagLength: 16 })
  decipher.setAAD(additional(key.id))
  decipher.setAuthTag(wrapped.subarray(32))
  try {
    return Buffer.concat([decipher.update(wrapped.subarray(0, 32)), decipher.final()])
  } catch (cause) {
    throw damagedKeys(`key ${key.id}: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

// A wrapping key encrypts once, so its nonce may be zero.
const nonce = Buffer.alloc(12)

function wrappingKey(recoveryKey: Uint8Array, salt: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', recoveryKey, salt, 'quayside key wrap v1', 32))
}

function additional(keyId: string): Buffer {
  return Buffer.from(keyId.replaceAll('-', ''), 'hex')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw damagedKeys('no JSON')
  }
}

function damagedKeys(detail: string): QuaysideError {
  return new QuaysideError('backup_damaged', 'The destination’s file of keys is damaged.', {
    hint: 'A computer that still has the keys writes it anew with its next backup there.',
    detail,
  })
}
