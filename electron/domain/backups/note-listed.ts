import { toErrorData, type QuaysideError } from '../../../shared/errors.ts'
import type { CopyHead, CopyRecord, Stores } from '../ports.ts'
import { foundByListing } from './damaged-copy.ts'

type ListedStores = Pick<Stores, 'backups' | 'transaction'>

/**
 * Writes down a copy whose manifest a listing has found. What is known of it by now counts: it may have
 * been made here since the listing began, or read.
 */
export function noteFound(
  stores: ListedStores,
  copy: CopyRecord,
  problem: QuaysideError | null,
): 'new' | 'known' {
  return stores.transaction(() => {
    if (noteKnown(stores, copy, problem)) return 'known'
    stores.backups.put({ ...copy, problem: problem === null ? null : toErrorData(problem) })
    return 'new'
  })
}

/**
 * Writes down what a listing says of a copy that was known before it.
 * @returns false where it is not known any more: it was removed meanwhile
 */
export function noteKnown(
  { backups, transaction }: ListedStores,
  { backupId, destinationId }: Pick<CopyHead, 'backupId' | 'destinationId'>,
  problem: QuaysideError | null,
): boolean {
  return transaction(() => {
    const now = backups.get(backupId, destinationId)
    if (now === null) return false
    const next = foundByListing(problem, now.problem)
    if (next !== now.problem) backups.update(backupId, destinationId, { problem: next })
    return true
  })
}
