import type { BackupId } from '../../../shared/contract/backups.ts'
import type { DestinationId } from '../../../shared/contract/destinations.ts'
import { QuaysideError, toErrorData } from '../../../shared/errors.ts'
import { jobKinds } from '../../../shared/job-kinds.ts'
import { neverAborted } from '../never-aborted.ts'
import type { CopyRecord } from '../ports.ts'
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
    action: 'backups.remove',
    subject: copy.manifest.database.name,
    facts: { object: namesOf(copy.manifest).dump },
  })
}

/**
 * As `removeCopy`, where the decision has been taken; `mayGo` is asked once more. The record goes before
 * the first object does, in the transaction that finds no job at work: one that comes later finds no
 * copy, and never half of one.
 * @throws QuaysideError `busy`
 */
export async function takeAway(
  deps: Pick<BackupJobDeps, 'stores' | 'publish' | 'openDestination'>,
  { backupId, destinationId }: { backupId: BackupId; destinationId: DestinationId },
  signal: AbortSignal,
  mayGo: () => boolean = () => true,
): Promise<void> {
  const { stores } = deps
  const copy = copyOf(deps, { backupId, destinationId })
  refuseInUse(deps, copy)
  const names = namesOf(copy.manifest)
  await withDestination(deps, destinationId, async (destination) => {
    stores.transaction(() => {
      // Opening it took its time, and a job may have come meanwhile.
      refuseInUse(deps, copy)
      if (!mayGo()) throw new QuaysideError('busy', 'This copy is needed by now.')
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
function refuseInUse(deps: Pick<BackupJobDeps, 'stores'>, copy: CopyRecord): void {
  if (!usesNow(deps)(copy).inUse) return
  throw new QuaysideError('busy', 'A job works with this backup now.', {
    hint: 'Wait until it is done, or cancel it.',
  })
}

/** What jobs that have not ended do with a copy. */
export interface CopyUse {
  /** One reads or writes it. */
  inUse: boolean
  /** One reads it to find out whether it is whole, and has not said so yet. */
  isTried: boolean
}

/**
 * By one look at the jobs. Whatever the kind, a job's input names both; and a kind that only happens to
 * name them is better waited for than overlooked.
 */
export function usesNow({
  stores,
}: Pick<BackupJobDeps, 'stores'>): (
  copy: Pick<CopyRecord, 'backupId' | 'destinationId' | 'verifiedAt' | 'restoredAt'>,
) => CopyUse {
  const active = stores.jobs.active().map((job) => ({ job, text: JSON.stringify(job.input) }))
  return ({ backupId, destinationId, verifiedAt, restoredAt }) => {
    const users = active.filter(
      ({ text }) => text.includes(backupId) && text.includes(destinationId),
    )
    const saidAt = Math.max(verifiedAt ?? 0, restoredAt ?? 0)
    return {
      inUse: users.length > 0,
      // What is copied on was read right before.
      isTried: users.some(
        ({ job }) =>
          job.kind !== jobKinds.copyBackup && (job.startedAt === null || saidAt < job.startedAt),
      ),
    }
  }
}
