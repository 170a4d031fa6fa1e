import type { BackupCopyView, BackupView, TableRows } from '../../../shared/contract/backups.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import { facts, table } from '../table.ts'
import { age } from '../words.ts'

/** The state of a copy, each with its age. */
export function copyState(copy: BackupCopyView, now: number): string {
  if (copy.problem !== null) return copy.problem.message
  if (copy.restoredAt !== null) return `restored ${age(copy.restoredAt, now)}`
  if (copy.verifiedAt !== null) return `verified ${age(copy.verifiedAt, now)}`
  return 'created, not verified'
}

/** A backup with its copies, and the rows of its tables where they are given. */
export function describeBackup(
  backup: BackupView,
  now: number,
  tables: readonly TableRows[] = [],
): string {
  const head = facts([
    ['Backup', backup.id],
    ['Database', `${backup.databaseName} (${backup.environment}) on ${backup.hostName}`],
    ['Made', `${new Date(backup.createdAt).toISOString()} (${age(backup.createdAt, now)})`],
    ['Server', `${backup.engine} ${backup.serverVersion}`],
    ['Size', `${formatBytes(backup.plainBytes)}, compressed by ${backup.codec}`],
    ['Holds', `${backup.rows} rows in ${backup.tables} tables`],
    ['Warnings', backup.warnings.length === 0 ? null : backup.warnings.join('; ')],
  ])
  const copies = table(
    ['copy at', 'stored', 'encrypted', 'state', 'object'],
    backup.copies.map((copy) => [
      copy.destinationName,
      formatBytes(copy.bytes),
      copy.encrypted ? 'yes' : 'no',
      copyState(copy, now),
      copy.name,
    ]),
  )
  if (tables.length === 0) return `${head}\n\n${copies}`
  const rows = tables.map((one) => [`${one.schema}.${one.name}`, String(one.rows)])
  return `${head}\n\n${copies}\n\n${table(['table', 'rows'], rows)}`
}
