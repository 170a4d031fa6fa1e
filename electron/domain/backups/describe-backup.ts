import { Readable } from 'node:stream'
import type * as z from 'zod'
import type { Destination } from '../../destinations/destination.ts'
import { backupManifestSchema, canonicalJson } from '../../../shared/backup-manifest.ts'
import type { BackupNames } from '../../../shared/backup-names.ts'
import type { DatabaseRecord, Digest } from '../ports.ts'
import { stallMs, type BackupJobDeps, type CreateBackupInput } from './backup-job.ts'
import type { StoredDump } from './dump-database.ts'
import { chunkBytes, type BackupKey } from './stream/cipher-format.ts'
import { digest } from './stream/digest.ts'
import { encrypt } from './stream/encrypt.ts'
import { runPipeline } from './stream/run-pipeline.ts'

/** Everything of a manifest but its seal: that needs the key, and is made when it is written. */
export const unsealedSchema = backupManifestSchema.omit({ seal: true })
export type Unsealed = z.infer<typeof unsealedSchema>

/** What a manifest is made of. */
interface Described {
  input: CreateBackupInput
  /** The moment of the snapshot, epoch milliseconds, a whole second: it names the objects. */
  madeAt: number
  record: DatabaseRecord
  imageId: string
  made: StoredDump
  warnings: readonly string[]
  names: BackupNames
  key: BackupKey | null
  roles: Digest
  version: string
}

/** The manifest of a dump that lies at its destination. */
export function describeBackup(described: Described): Unsealed {
  const { input, record, made, names, key } = described
  return unsealedSchema.parse({
    format: 'quayside-backup',
    version: 1,
    id: input.backupId,
    createdAt: new Date(described.madeAt).toISOString(),
    database: {
      id: record.id,
      name: record.name,
      environment: record.environment,
      engine: record.engine,
      container: record.containerName,
      host: input.about.hostName,
      serverVersion: made.database.serverVersion,
      image: record.image,
      imageId: described.imageId,
      logicalName: record.database,
      user: record.user,
    },
    dump: {
      tool: made.report.tool,
      format: 'custom',
      plainBytes: made.plain.bytes,
      plainSha256: made.plain.sha256,
      codec: made.codec,
      compressedAt: made.compressedAt,
      compressedBytes: made.compressed.bytes,
      compressedSha256: made.compressed.sha256,
    },
    object: { name: lastPart(names.dump), ...made.stored, encryption: encryptionOf(key) },
    companions: [{ kind: 'roles', name: lastPart(names.roles), ...described.roles }],
    tables: made.tables,
    warnings: described.warnings,
    madeBy: { quayside: described.version, schedule: input.scheduleId !== null },
  })
}

/** How an object is encrypted, as its manifest says it. */
export function encryptionOf(key: BackupKey | null): Unsealed['object']['encryption'] {
  return key === null ? null : { cipher: 'AES-256-GCM', chunkBytes, keyId: key.id }
}

/** An object's name without its folder. */
export function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}

/** Stores the roles and what the database is as a whole; gives what is stored. */
export async function putCompanion(
  destination: Destination,
  name: string,
  { database, roles }: Pick<StoredDump, 'database' | 'roles'>,
  key: BackupKey | null,
  options: { deps: Pick<BackupJobDeps, 'clock'>; signal: AbortSignal },
): Promise<Digest> {
  return putText(destination, name, `${canonicalJson({ database, roles })}\n`, key, options)
}

/** Stores a text, encrypted where there is a key; gives what is stored. */
export async function putText(
  destination: Destination,
  name: string,
  text: string,
  key: BackupKey | null,
  { deps, signal }: { deps: Pick<BackupJobDeps, 'clock'>; signal: AbortSignal },
): Promise<Digest> {
  const stored = digest()
  await runPipeline({
    source: { name: 'the roles', stream: Readable.from([Buffer.from(text)]) },
    stages: [
      ...(key === null ? [] : [{ name: 'the encryption', stream: encrypt(key) }]),
      { name: 'the transfer', stream: stored.stage },
    ],
    sink: {
      name: 'the destination',
      take: (content, ending) =>
        destination.put(name, content, { signal: ending, exclusive: true }),
    },
    signal,
    clock: deps.clock,
    stallMs,
  })
  return stored.result()
}
