import type { BackupId } from '../../../shared/contract/backups.ts'
import type { DestinationId } from '../../../shared/contract/destinations.ts'
import { QuaysideError, toErrorData } from '../../../shared/errors.ts'
import { neverAborted } from '../never-aborted.ts'
import { copyOf, withDestination, type BackupJobDeps } from './backup-job.ts'
import { gone } from './damaged-copy.ts'
import { namesOf } from './view-backup.ts'

/**
 * Removes one copy for good: the manifest first, so that what is left when this is cut off is no
 * backup any more.
 * @throws QuaysideError `name_mismatch`, `busy` while a job works with it
 */
export async function removeCopy(
  deps: BackupJobDeps,
  {
    backupId,
    destinationId,
    confirmName,
  }: { backupId: BackupId; destinationId: DestinationId; confirmName: string },
  signal: AbortSignal = neverAborted,
): Promise<void> {
  const copy = copyOf(deps, { backupId, destinationId })
  if (confirmName !== copy.manifest.database.name) {
    throw new QuaysideError('name_mismatch', 'That is not the name of the database.', {
      hint: `Type ${copy.manifest.database.name} to remove this copy.`,
      field: 'confirmName',
    })
  }
  await takeAway(deps, { backupId, destinationId }, signal)
  deps.stores.audit.append({
    at: deps.clock.now(),
    action: 'backups.remove',
    subject: copy.manifest.database.name,
    outcome: 'done',
    facts: { object: namesOf(copy.manifest).dump },
  })
}

/**
 * As `removeCopy`, where the decision has been taken. The record goes before the first object does, in
 * the transaction that finds no job at work: one that comes later finds no copy, and never half of one.
 */
export async function takeAway(
  deps: Pick<BackupJobDeps, 'stores' | 'publish' | 'openDestination'>,
  { backupId, destinationId }: { backupId: BackupId; destinationId: DestinationId },
  signal: AbortSignal,
): Promise<void> {
  const { stores } = deps
  const copy = copyOf(deps, { backupId, destinationId })
  refuseInUse(deps, copy)
  const names = namesOf(copy.manifest)
  await withDestination(deps, destinationId, async (destination) => {
    stores.transaction(() => {
      // Opening it took its time, and a job may have come meanwhile.
      refuseInUse(deps, copy)
      stores.backups.remove(backupId, destinationId)
    })
    let problem = copy.problem
    try {
      await destination.remove(names.manifest, { signal })
      problem = toErrorData(gone())
      for (const name of [names.dump, names.roles]) await destination.remove(name, { signal })
      // A listing that was under way may have brought it back.
      stores.backups.remove(backupId, destinationId)
    } catch (thrown) {
      // What is left there can be removed again; the next look at the destination tells what that is.
      if (stores.destinations.get(destinationId) !== null) stores.backups.put({ ...copy, problem })
      throw thrown
    } finally {
      deps.publish({ type: 'changed', topic: 'backups' })
    }
  })
}

/** @throws QuaysideError `busy` */
function refuseInUse(
  deps: Pick<BackupJobDeps, 'stores'>,
  { backupId, destinationId }: { backupId: BackupId; destinationId: DestinationId },
): void {
  if (!inUse(deps, backupId, destinationId)) return
  throw new QuaysideError('busy', 'A job works with this backup now.', {
    hint: 'Wait until it is done, or cancel it.',
  })
}

/**
 * Whether a job that has not ended reads or writes this copy. Whatever the kind, its input names both;
 * and a kind that only happens to name them is better waited for than overlooked.
 */
export function inUse(
  { stores }: Pick<BackupJobDeps, 'stores'>,
  backupId: BackupId,
  destinationId: DestinationId,
): boolean {
  return stores.jobs.active().some(({ input }) => {
    const text = JSON.stringify(input)
    return text.includes(backupId) && text.includes(destinationId)
  })
}
