import * as z from 'zod'
import { backupManifestSchema } from '../../../../shared/backup-manifest.ts'
import { backupIdSchema } from '../../../../shared/contract/backups.ts'
import { databaseIdSchema } from '../../../../shared/contract/databases.ts'
import { destinationIdSchema } from '../../../../shared/contract/destinations.ts'
import { errorDataSchema } from '../../../../shared/errors.ts'
import type { BackupStore, CopyHead, CopyRecord } from '../../../domain/ports.ts'
import type { Connection } from '../connection.ts'
import { createTable, flag, flagValue, json, jsonValue, text, whole } from '../table.ts'

const headShape = {
  backupId: backupIdSchema,
  destinationId: destinationIdSchema,
  databaseId: databaseIdSchema,
  madeAt: z.int(),
  plainBytes: z.int(),
  storedBytes: z.int(),
  storedAt: z.int(),
  verifiedAt: z.int().nullable(),
  restoredAt: z.int().nullable(),
  problem: jsonValue(errorDataSchema.nullable()),
}
const headRow: z.ZodType<CopyHead> = z.strictObject(headShape)
const copyRow: z.ZodType<CopyRecord> = z.strictObject({
  ...headShape,
  manifest: jsonValue(backupManifestSchema),
  madeHere: flagValue,
})

const headColumns = {
  backupId: text('backup_id'),
  destinationId: text('destination_id'),
  databaseId: text('database_id'),
  madeAt: whole('made_at'),
  plainBytes: whole('plain_bytes'),
  storedBytes: whole('stored_bytes'),
  storedAt: whole('stored_at'),
  verifiedAt: whole('verified_at'),
  restoredAt: whole('restored_at'),
  problem: json('problem'),
}

const proofRow = z.strictObject({ databaseId: databaseIdSchema, provenAt: z.int() })

const one = 'backup_id = ? AND destination_id = ?'
const newestFirst = 'ORDER BY made_at DESC, backup_id, stored_at, destination_id'

/** The copies of backups, a row each. */
export function createBackupStore(connection: Connection): BackupStore {
  const name = 'backup_copies'
  const columns = { ...headColumns, manifest: json('manifest'), madeHere: flag('made_here') }
  const copies = createTable<CopyRecord>({ connection, name, columns, row: copyRow })
  const heads = createTable<CopyHead>({ connection, name, columns: headColumns, row: headRow })
  return {
    heads: () => heads.all(newestFirst),
    ofDatabase: (databaseId) => copies.all(`WHERE database_id = ? ${newestFirst}`, databaseId),
    ofBackup: (backupId) => copies.all(`WHERE backup_id = ? ${newestFirst}`, backupId),
    newest: (limit) => copies.all(`${newestFirst} LIMIT ?`, limit),
    at: (destinationId) => heads.all(`WHERE destination_id = ? ${newestFirst}`, destinationId),
    get: (backupId, destinationId) => copies.get(`WHERE ${one}`, backupId, destinationId),
    put: (record) =>
      connection.transaction(() => {
        const { backupId, destinationId, ...change } = record
        if (copies.update(change, one, backupId, destinationId) === 0) copies.insert(record)
      }),
    update: (backupId, destinationId, change) =>
      connection.transaction(() => {
        copies.update(change, one, backupId, destinationId)
        if (typeof change.restoredAt !== 'number') return
        connection.run(
          `INSERT INTO restore_proofs (database_id, proven_at)
             SELECT database_id, restored_at FROM ${name} WHERE ${one}
           ON CONFLICT (database_id) DO UPDATE SET proven_at = max(proven_at, excluded.proven_at)`,
          ...[backupId, destinationId],
        )
      }),
    proofs: () =>
      new Map(
        connection
          .all(
            proofRow,
            'SELECT database_id AS databaseId, proven_at AS provenAt FROM restore_proofs',
          )
          .map(({ databaseId, provenAt }) => [databaseId, provenAt]),
      ),
    remove: (backupId, destinationId) =>
      void connection.run(`DELETE FROM ${name} WHERE ${one}`, backupId, destinationId),
  }
}
