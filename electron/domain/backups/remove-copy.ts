import type { BackupId } from '../../../shared/contract/backups.ts'
import type { DestinationId } from '../../../shared/contract/destinations.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { neverAborted } from '../never-aborted.ts'
import { copyOf, withDestination, type BackupJobDeps } from './backup-job.ts'
import { namesOf } from './view-backup.ts'

/**
 * Removes one copy for good: the manifest first, so that what is left when this is cut off is no
 * backup any more. The record goes last.
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

/** As `removeCopy`, where the decision has been taken. */
export async function takeAway(
  deps: BackupJobDeps,
  { backupId, destinationId }: { backupId: BackupId; destinationId: DestinationId },
  signal: AbortSignal,
): Promise<void> {
  const { manifest } = copyOf(deps, { backupId, destinationId })
  if (inUse(deps, backupId, destinationId)) {
    throw new QuaysideError('busy', 'A job works with this backup now.', {
      hint: 'Wait until it is done, or cancel it.',
    })
  }
  const names = namesOf(manifest)
  await withDestination(deps, destinationId, async (destination) => {
    for (const name of [names.manifest, names.dump, names.roles]) {
      await destination.remove(name, { signal })
    }
  })
  deps.stores.backups.remove(backupId, destinationId)
  deps.publish({ type: 'changed', topic: 'backups' })
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
