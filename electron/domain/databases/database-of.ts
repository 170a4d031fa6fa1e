import type { DatabaseId } from '../../../shared/contract/databases.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { DatabaseRecord, Stores } from '../ports.ts'

/**
 * The record of a database, whatever its state.
 * @throws QuaysideError `not_found`
 */
export function databaseOf(
  { databases }: Pick<Stores, 'databases'>,
  id: DatabaseId,
): DatabaseRecord {
  const record = databases.get(id)
  if (record !== null) return record
  throw new QuaysideError('not_found', 'There is no such database any more.')
}
