import { createCipheriv, createDecipheriv, createHash, randomBytes, scrypt } from 'node:crypto'
import * as z from 'zod'
import { QuaysideError } from '../../../shared/errors.ts'

const base64 = z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/)

/** What stands before the sealed part; it is authenticated with it. */
const headerSchema = z.strictObject({
  format: z.literal('quayside-vault'),
  version: z.literal(1),
  kdf: z.strictObject({
    name: z.literal('scrypt'),
    // Bounded, so that a file can't make us fill the memory.
    N: z.union([z.literal(2 ** 15), z.literal(2 ** 16), z.literal(2 ** 17), z.literal(2 ** 18)]),
    r: z.literal(8),
    p: z.int().min(1).max(4),
    salt: base64,
  }),
  cipher: z.literal('aes-256-gcm'),
})
export type VaultHeader = z.infer<typeof headerSchema>

const vaultSchema = z.strictObject({
  header: headerSchema,
  iv: base64,
  tag: base64,
  sealed: base64,
  /** Of all the above: tells a damaged file from a wrong passphrase. Proves nothing by itself. */
  sha256: base64,
})
export type VaultFile = z.infer<typeof vaultSchema>

const secretsSchema = z.record(z.string(), z.string())

/** A header with a new salt. */
export function newHeader(): VaultHeader {
  return {
    format: 'quayside-vault',
    version: 1,
    kdf: { name: 'scrypt', N: 2 ** 17, r: 8, p: 1, salt: randomBytes(32).toString('base64') },
    cipher: 'aes-256-gcm',
  }
}

/** The key of a passphrase under this header; takes some tenths of a second, on another thread. */
export function deriveKey(passphrase: string, { kdf }: VaultHeader): Promise<Buffer> {
  const { N, r, p } = kdf
  return new Promise((resolve, reject) => {
    scrypt(
      // The same letters typed on another system may be other code points.
      passphrase.normalize('NFC'),
      Buffer.from(kdf.salt, 'base64'),
      32,
      { N, r, p, maxmem: 2 * 128 * N * r * p },
      (error, key) => (error === null ? resolve(key) : reject(error)),
    )
  })
}

/** Seals all secrets into the text of a vault file. */
export function seal(
  header: VaultHeader,
  key: Buffer,
  secrets: ReadonlyMap<string, string>,
): string {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(Buffer.from(JSON.stringify(header)))
  const plain = JSON.stringify(Object.fromEntries(secrets))
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  const parts = {
    header,
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    sealed: sealed.toString('base64'),
  }
  return `${JSON.stringify({ ...parts, sha256: checksum(parts) }, null, 2)}\n`
}

/** Reads the text of a vault file. @throws QuaysideError `vault_damaged` */
export function parseVault(path: string, text: string): VaultFile {
  let found: unknown
  try {
    found = JSON.parse(text)
  } catch (error) {
    throw vaultDamaged(path, error)
  }
  const parsed = vaultSchema.safeParse(found)
  if (!parsed.success) throw vaultDamaged(path, z.prettifyError(parsed.error))
  if (checksum(parsed.data) !== parsed.data.sha256)
    throw vaultDamaged(path, 'The checksum is wrong.')
  return parsed.data
}

/** Opens what `seal` sealed. @throws QuaysideError `vault_passphrase_wrong`, `vault_damaged` */
export function unseal(path: string, file: VaultFile, key: Buffer): Map<string, string> {
  let plain: string
  try {
    const tag = Buffer.from(file.tag, 'base64')
    const iv = Buffer.from(file.iv, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 })
    decipher.setAAD(Buffer.from(JSON.stringify(file.header)))
    decipher.setAuthTag(tag)
    const sealed = Buffer.from(file.sealed, 'base64')
    plain = Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8')
  } catch (error) {
    throw new QuaysideError('vault_passphrase_wrong', 'That passphrase does not open the vault.', {
      hint: 'Type it again; upper and lower case matter.',
      field: 'passphrase',
      cause: error,
    })
  }
  try {
    return new Map(Object.entries(secretsSchema.parse(JSON.parse(plain))))
  } catch {
    // The cause would quote what was opened.
    throw vaultDamaged(path, 'The vault opened, but holds no list of secrets.')
  }
}

/** `vault_damaged`; the file is left as it is. */
export function vaultDamaged(path: string, cause: unknown): QuaysideError {
  return new QuaysideError('vault_damaged', `The vault file ${path} is damaged.`, {
    hint: 'Nothing was changed. Put a copy of the file back. Without one, move it elsewhere: Quayside then starts without stored passwords.',
    facts: { file: path },
    cause,
  })
}

function checksum({ header, iv, tag, sealed }: Omit<VaultFile, 'sha256'>): string {
  const text = JSON.stringify([header, iv, tag, sealed])
  return createHash('sha256').update(text).digest('base64')
}
