import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeManifest, type BackupManifest } from '../../shared/backup-manifest.ts'
import { backupNames } from '../../shared/backup-names.ts'

/** Lays a backup into a folder as another installation would have, with this in its manifest. */
export async function putManifest(
  folder: string,
  given: Pick<BackupManifest, 'tables' | 'warnings'> & {
    database: Pick<BackupManifest['database'], 'name' | 'host' | 'environment' | 'logicalName'> & {
      /** One of its own by default. */
      id?: string
    }
    createdAt?: Date
    madeBy?: BackupManifest['madeBy']
  },
): Promise<void> {
  const { id = crypto.randomUUID() } = given.database
  const createdAt = (given.createdAt ?? new Date('2026-01-15T03:00:00Z')).getTime()
  const container = 'elsewhere-production-postgres'
  const form = { codec: 'none', encrypted: false } as const
  const names = backupNames({ container, databaseId: id, createdAt }, form)
  const stored = { bytes: 5, sha256: 'ab'.repeat(32) }
  const manifest: BackupManifest = {
    format: 'quayside-backup',
    version: 1,
    id: crypto.randomUUID(),
    createdAt: new Date(createdAt).toISOString(),
    database: {
      engine: 'postgres',
      container,
      serverVersion: '15.1',
      image: 'postgres:15',
      imageId: 'sha256:0',
      user: 'somebody',
      ...given.database,
      id,
    },
    dump: {
      tool: 'pg_dump',
      format: 'custom',
      codec: 'none',
      compressedAt: 'here',
      plainBytes: stored.bytes,
      plainSha256: stored.sha256,
      compressedBytes: stored.bytes,
      compressedSha256: stored.sha256,
    },
    object: { name: `${names.base}.dump`, ...stored, encryption: null },
    companions: [],
    tables: given.tables,
    warnings: given.warnings,
    madeBy: given.madeBy ?? { quayside: '0.0.0', schedule: false },
    seal: null,
  }
  await mkdir(join(folder, names.folder), { recursive: true })
  await writeFile(join(folder, names.dump), 'PGDMP')
  await writeFile(join(folder, names.manifest), writeManifest(manifest))
}
