import * as z from 'zod'
import type { Destination } from '../../destinations/destination.ts'
import { codecSchema } from '../../../shared/backup-manifest.ts'
import { backupIdSchema, type BackupId } from '../../../shared/contract/backups.ts'
import { databaseIdSchema, type DatabaseId } from '../../../shared/contract/databases.ts'
import { destinationIdSchema, type DestinationId } from '../../../shared/contract/destinations.ts'
import { hostIdSchema } from '../../../shared/contract/hosts.ts'
import type { JobId } from '../../../shared/contract/jobs.ts'
import { scheduleIdSchema } from '../../../shared/contract/schedules.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { DatabaseJobDeps } from '../databases/database-job.ts'
import { jobAboutSchema } from '../jobs/job-view.ts'
import type { Codecs, CopyRecord, Labels } from '../ports.ts'
import type { BackupKeys } from './keys.ts'
import type { RecoveryKey } from './recovery-key.ts'

/** What every job on backups needs of the core. */
export interface BackupJobDeps extends DatabaseJobDeps {
  codecs: Codecs
  keys: BackupKeys
  recoveryKey: RecoveryKey
  /** Opens a destination with its credentials; whoever opened it closes it. */
  openDestination(id: DestinationId): Promise<Destination>
  /** This version of Quayside, for manifests. */
  version: string
  follow: FollowUp
}

/**
 * What begins when a step of a backup's life is done. It is the last act of that step, which runs again
 * where its process dies before that was written: so it may be said twice.
 */
export interface FollowUp {
  /** It lies at its destination. */
  made(copy: LaterCopies): void
  /** It was read back whole; for the `first` time since it was made or found. */
  verified(copy: LaterCopies, how: { first: boolean }): void
}

const about = jobAboutSchema.shape.about

/** One copy, and where the others shall lie that are made of it. */
export const laterCopiesSchema = z.object({
  backupId: backupIdSchema,
  destinationId: destinationIdSchema,
  databaseId: databaseIdSchema,
  databaseName: z.string(),
  followers: z.array(destinationIdSchema),
  /** The schedule that started it; null where somebody did. */
  scheduleId: scheduleIdSchema.nullable().default(null),
  about,
})
export type LaterCopies = z.infer<typeof laterCopiesSchema>

export const createBackupSchema = laterCopiesSchema.extend({
  hostId: hostIdSchema,
  codec: codecSchema,
  encrypt: z.boolean(),
})
export type CreateBackupInput = z.infer<typeof createBackupSchema>

/** No byte for that long means that something hangs, milliseconds. */
export const stallMs = 120_000

/** Runs work with a destination and closes it in any case. */
export async function withDestination<T>(
  deps: Pick<BackupJobDeps, 'openDestination'>,
  id: DestinationId,
  work: (destination: Destination) => Promise<T>,
): Promise<T> {
  const destination = await deps.openDestination(id)
  try {
    return await work(destination)
  } finally {
    await destination.close()
  }
}

/** The record of a copy, which a job on it must find. */
export function copyOf(
  deps: Pick<BackupJobDeps, 'stores'>,
  { backupId, destinationId }: { backupId: BackupId; destinationId: DestinationId },
): CopyRecord {
  const copy = deps.stores.backups.get(backupId, destinationId)
  if (copy !== null) return copy
  throw new QuaysideError('not_found', 'There is no such backup any more.', {
    hint: 'Look at the list again.',
  })
}

/**
 * On a job's containers, so that a later try or another process finds them. Without the labels of a
 * database: they are none.
 */
export function taskLabels(jobId: JobId, databaseId: DatabaseId): Labels {
  return { ...jobLabel(jobId), 'io.quayside.task.database': databaseId }
}

/** Finds the containers of one job. */
export function jobLabel(jobId: JobId): Labels {
  return { 'io.quayside.job': jobId }
}
