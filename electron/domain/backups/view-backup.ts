import {
  backupSchema,
  type BackupCopyView,
  type BackupView,
} from '../../../shared/contract/backups.ts'
import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type { DestinationId } from '../../../shared/contract/destinations.ts'
import { backupNames } from '../../../shared/backup-names.ts'
import type { CopyRecord } from '../ports.ts'

/** What a view needs beside the copies themselves. */
export interface ViewContext {
  destinationName: (id: DestinationId) => string
  /** Whether this installation has the database. */
  knows: (id: DatabaseId) => boolean
}

/** Copies, as the store gives them, as backups: the newest first, each with its copies. */
export function viewBackups(copies: readonly CopyRecord[], context: ViewContext): BackupView[] {
  const byBackup = new Map<string, CopyRecord[]>()
  for (const copy of copies) {
    const others = byBackup.get(copy.backupId)
    if (others === undefined) byBackup.set(copy.backupId, [copy])
    else others.push(copy)
  }
  return [...byBackup.values()].map((group) => viewBackup(group, context))
}

function viewBackup(group: readonly CopyRecord[], context: ViewContext): BackupView {
  const [first] = group
  if (first === undefined) throw new Error('a backup has a copy')
  const { database, dump, tables, warnings } = first.manifest
  return backupSchema.parse({
    id: first.backupId,
    databaseId: context.knows(first.databaseId) ? first.databaseId : null,
    databaseName: database.name,
    environment: database.environment,
    engine: database.engine,
    hostName: database.host,
    createdAt: first.madeAt,
    plainBytes: dump.plainBytes,
    codec: dump.codec,
    serverVersion: database.serverVersion,
    tables: tables.length,
    rows: tables.reduce((sum, table) => sum + table.rows, 0),
    warnings,
    copies: group.map((copy) => viewCopy(copy, context)),
  } satisfies BackupView)
}

function viewCopy(copy: CopyRecord, context: ViewContext): BackupCopyView {
  const { manifest } = copy
  return {
    destinationId: copy.destinationId,
    destinationName: context.destinationName(copy.destinationId),
    name: namesOf(manifest).dump,
    bytes: copy.storedBytes,
    encrypted: manifest.object.encryption !== null,
    createdAt: copy.storedAt,
    verifiedAt: copy.verifiedAt,
    restoredAt: copy.restoredAt,
    problem: copy.problem,
  }
}

/** Where the objects of a copy lie at its destination. */
export function namesOf(manifest: CopyRecord['manifest']): ReturnType<typeof backupNames> {
  return backupNames(
    {
      container: manifest.database.container,
      databaseId: manifest.database.id,
      createdAt: Date.parse(manifest.createdAt),
    },
    { codec: manifest.dump.codec, encrypted: manifest.object.encryption !== null },
  )
}
