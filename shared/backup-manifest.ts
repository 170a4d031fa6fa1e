import * as z from 'zod'
import { QuaysideError } from './errors.ts'
import { environmentSchema } from './names.ts'

/** How the bytes of a dump are compressed. */
export const codecs = ['none', 'gzip', 'zstd', 'lz4'] as const
export const codecSchema = z.enum(codecs)
export type Codec = z.infer<typeof codecSchema>

const text = z.string().max(1024)
const name = text.min(1)
const bytes = z.int().min(0)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
/** One step down: no folder, no way out of the backup's own one. */
const objectName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/)
  .max(512)

/**
 * What a backup is and how to tell that it is whole. It lies beside the backup, is written last, and
 * holds no secret. Bytes and SHA-256 are of the plain dump, of the compressed one, and of the object
 * as it is stored.
 */
export const backupManifestSchema = z.strictObject({
  format: z.literal('quayside-backup'),
  version: z.literal(1),
  id: z.uuid(),
  createdAt: z.iso.datetime(),
  database: z.strictObject({
    id: z.uuid(),
    name,
    environment: environmentSchema,
    engine: name,
    container: name,
    /** The host's name at that time. */
    host: name,
    serverVersion: name,
    image: name,
    imageId: name,
    /** The database within the server, and the user it was dumped as. */
    logicalName: name,
    user: name,
  }),
  dump: z.strictObject({
    /** The program that dumped, with its version. */
    tool: name,
    format: z.literal('custom'),
    plainBytes: bytes,
    plainSha256: sha256,
    codec: codecSchema,
    compressedAt: z.enum(['host', 'here']),
    compressedBytes: bytes,
    compressedSha256: sha256,
  }),
  object: z.strictObject({
    name: objectName,
    bytes,
    sha256,
    encryption: z
      .strictObject({
        cipher: z.literal('AES-256-GCM'),
        chunkBytes: z.int().min(1),
        keyId: z.uuid(),
      })
      .nullable(),
  }),
  companions: z.array(
    z.strictObject({ kind: z.literal('roles'), name: objectName, bytes, sha256 }),
  ),
  /** Rows of each table at the dump's snapshot. */
  tables: z.array(z.strictObject({ schema: name, name, rows: bytes })),
  warnings: z.array(z.string().max(4096)),
  madeBy: z.strictObject({
    quayside: name,
    /** False where somebody asked for it: then it stays until somebody removes it. */
    schedule: z.boolean(),
  }),
  /** HMAC of the rest by the destination's key, in hex; null where the backup is not encrypted. */
  seal: sha256.nullable(),
})
export type BackupManifest = z.infer<typeof backupManifestSchema>

/** JSON with sorted keys and no space: the same data is always the same text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(
          Object.entries(each).sort(([a], [b]) => {
            if (a === b) return 0
            return a < b ? -1 : 1
          }),
        )
      : each,
  )
}

/** What the seal is made of: everything but the seal. */
export function sealedText({ seal: _seal, ...rest }: BackupManifest): string {
  return canonicalJson(rest)
}

/** The manifest as it is stored: canonical, so that its seal can be checked with a text editor's tools. */
export function writeManifest(manifest: BackupManifest): string {
  return `${canonicalJson(backupManifestSchema.parse(manifest))}\n`
}

/**
 * Reads a manifest from what lies at a destination.
 * @throws QuaysideError `backup_newer` for a format of a later Quayside, `backup_damaged` for all else
 */
export function readManifest(content: string): BackupManifest {
  const head = z.looseObject({ format: z.literal('quayside-backup'), version: z.int().min(1) })
  const json = parseJson(content)
  const known = head.safeParse(json)
  if (!known.success) throw damaged('is not the manifest of a backup', known.error)
  if (known.data.version > 1) {
    throw new QuaysideError('backup_newer', 'This backup was made by a newer Quayside.', {
      hint: 'Update Quayside on this computer, then look again.',
      detail: `manifest version ${known.data.version}, known is 1`,
    })
  }
  const manifest = backupManifestSchema.safeParse(json)
  if (!manifest.success) throw damaged('does not hold what it should', manifest.error)
  return manifest.data
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch (cause) {
    throw damaged('is cut off or overwritten', cause)
  }
}

function damaged(how: string, cause: unknown): QuaysideError {
  return new QuaysideError('backup_damaged', `A backup’s manifest ${how}.`, {
    hint: 'Restore from another copy or another backup.',
    detail: cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause),
  })
}
