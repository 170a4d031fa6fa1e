import type { DatabaseId } from '../../../shared/contract/databases.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { DatabaseRecord, Stores } from '../ports.ts'
import { databaseOf } from './database-of.ts'

/**
 * The record of a database that exists whole: it is neither being made nor in the trash.
 * @param done what is to be done with it, as in “can’t be backed up now”
 * @throws QuaysideError `not_found`, `busy`
 */
export function readyDatabase(
  stores: Pick<Stores, 'databases'>,
  id: DatabaseId,
  done: string,
): DatabaseRecord {
  const record = databaseOf(stores, id)
  if (record.state === 'ready') return record
  throw new QuaysideError('busy', `${record.name} can’t be ${done} now.`, {
    hint:
      record.state === 'trash'
        ? 'Bring it back from the trash first.'
        : 'It is still being created. Try again when it is done.',
  })
}
