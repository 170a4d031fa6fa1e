import type { BackupManifest } from '../../../shared/backup-manifest.ts'
import { backupNames } from '../../../shared/backup-names.ts'

/** For tests: the manifest of a backup that is not encrypted, of five bytes. */
export function someManifest(
  change: Partial<BackupManifest> & { database?: BackupManifest['database'] } = {},
): BackupManifest {
  const createdAt = change.createdAt ?? '2026-01-15T03:00:00.000Z'
  const database = change.database ?? {
    id: crypto.randomUUID(),
    name: 'shop',
    environment: 'production',
    engine: 'stonedb',
    container: 'shop-production-stonedb',
    host: 'harbour',
    serverVersion: '17.2',
    image: 'stonedb:17',
    imageId: 'sha256:0',
    logicalName: 'shop',
    user: 'shop',
  }
  const identity = {
    container: database.container,
    databaseId: database.id,
    createdAt: Date.parse(createdAt),
  }
  const { base } = backupNames(identity, { codec: 'none', encrypted: false })
  const five = { bytes: 5, sha256: 'ab'.repeat(32) }
  return {
    format: 'quayside-backup',
    version: 1,
    id: crypto.randomUUID(),
    createdAt,
    database,
    dump: {
      tool: 'stone_dump 17.2',
      format: 'custom',
      codec: 'none',
      compressedAt: 'host',
      plainBytes: five.bytes,
      plainSha256: five.sha256,
      compressedBytes: five.bytes,
      compressedSha256: five.sha256,
    },
    object: { name: `${base}.dump`, ...five, encryption: null },
    companions: [],
    tables: [{ schema: 'public', name: 'orders', rows: 12 }],
    warnings: [],
    madeBy: { quayside: '0.1.0', schedule: false },
    seal: null,
    ...change,
  }
}
