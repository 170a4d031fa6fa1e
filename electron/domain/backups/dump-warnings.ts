import type { TableRows } from '../../engines/engine-backup.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import type { CopyRecord } from '../ports.ts'
import { isForeign } from './open-copy.ts'
import { isOfRestore } from './restore-names.ts'

/** Databases of the server that a warning names; the others are counted. */
const mostNamed = 5

/** What a dump is compared by. */
export interface DumpSize {
  plainBytes: number
  tables: readonly TableRows[]
}

/**
 * What makes a dump suspicious that is whole: it has become less than half of the one before. Somebody
 * may have emptied a table, and what retention keeps is worth a look before it is gone.
 * @param copies of the same database, the newest first
 */
export function shrinkWarnings(copies: readonly CopyRecord[], now: DumpSize): string[] {
  const before = copies.find((copy) => copy.problem === null && !isForeign(copy))
  if (before === undefined) return []
  const { dump, tables } = before.manifest
  const bytes = { is: now.plainBytes, was: dump.plainBytes }
  const rows = { is: rowsOf(now.tables), was: rowsOf(tables) }
  const isHalf = ({ is, was }: { is: number; was: number }): boolean => is < was / 2
  return [
    ...(isHalf(bytes)
      ? [
          `It is less than half as large as the backup before: ${formatBytes(bytes.is)}, was ${formatBytes(bytes.was)}.`,
        ]
      : []),
    ...(isHalf(rows)
      ? [
          `It has less than half the rows of the backup before: ${rows.is.toLocaleString('en-US')}, was ${rows.was.toLocaleString('en-US')}.`,
        ]
      : []),
  ]
}

/** Says what of the server is in no backup; nothing where this database is all it holds. */
export function otherDatabases(all: readonly string[], dumped: string): string[] {
  const others = all.filter((name) => name !== dumped && !isOfRestore(name))
  if (others.length === 0) return []
  const named = others.slice(0, mostNamed)
  const more = others.length - named.length
  const names = [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ')
  const kinds = others.length === 1 ? 'the database' : 'the databases'
  return [`The server holds ${kinds} ${names} too; only ${dumped} is in this backup.`]
}

function rowsOf(tables: readonly TableRows[]): number {
  return tables.reduce((sum, table) => sum + table.rows, 0)
}
