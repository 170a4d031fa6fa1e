import type { TableRows } from '../../engines/engine-backup.ts'
import { QuaysideError } from '../../../shared/errors.ts'

/** Tables that a message names; the others are counted. */
const mostNamed = 5

/**
 * Compares a restored database with what its backup's manifest says, table by table.
 * @returns what was compared, as a sentence
 * @throws QuaysideError `restore_failed` with the tables that differ
 */
export function compareRows(restored: readonly TableRows[], written: readonly TableRows[]): string {
  const keyOf = ({ schema, name }: TableRows): string => JSON.stringify([schema, name])
  const there = new Map(restored.map((table) => [keyOf(table), table]))
  const differing: string[] = []
  for (const table of written) {
    const rows = there.get(keyOf(table))?.rows
    there.delete(keyOf(table))
    if (rows === table.rows) continue
    differing.push(
      `${table.schema}.${table.name}: ${rows ?? 'missing'}, expected ${String(table.rows)}`,
    )
  }
  for (const { schema, name, rows } of there.values()) {
    differing.push(`${schema}.${name}: ${rows}, expected none`)
  }
  if (differing.length > 0) throw differs(differing)
  const rows = written.reduce((sum, table) => sum + table.rows, 0)
  return `${counted(written.length, 'table')}, ${counted(rows, 'row')}: as in the backup`
}

function counted(count: number, word: string): string {
  return `${count.toLocaleString('en-US')} ${word}${count === 1 ? '' : 's'}`
}

function differs(differing: readonly string[]): QuaysideError {
  const named = differing.slice(0, mostNamed)
  const more = differing.length - named.length
  return new QuaysideError(
    'restore_failed',
    `${counted(differing.length, 'table')} came out with other rows than the backup says.`,
    {
      hint: 'Nothing of it was kept. Verify the backup, then restore another one.',
      detail: [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'),
    },
  )
}
