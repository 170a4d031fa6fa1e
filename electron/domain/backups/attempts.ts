import * as z from 'zod'
import { backupIdSchema } from '../../../shared/contract/backups.ts'
import { destinationIdSchema } from '../../../shared/contract/destinations.ts'
import type { JobRecord } from '../ports.ts'
import { testRestoreKind } from './test-restore-due.ts'

export const createBackupKind = 'create-backup'
export const verifyBackupKind = 'verify-backup'
export const copyBackupKind = 'copy-backup'

/** The kinds of jobs by which a copy comes to lie at a destination, and is read there. */
const attemptKinds: ReadonlySet<string> = new Set([
  createBackupKind,
  verifyBackupKind,
  copyBackupKind,
])

/** The kinds of jobs whose failure tells how well a database is backed up. */
export const tellingKinds: readonly string[] = [...attemptKinds, testRestoreKind]

const attemptSchema = z.object({
  backupId: backupIdSchema,
  /** Where it is made or read; where it is copied from. */
  destinationId: destinationIdSchema,
  /** Where it is copied to. */
  to: destinationIdSchema.optional(),
  followers: z.array(destinationIdSchema).default([]),
})

/** What such a job was to do; null for one of another kind. */
export function attemptOf(
  job: Pick<JobRecord, 'kind' | 'input'>,
): z.infer<typeof attemptSchema> | null {
  if (!attemptKinds.has(job.kind)) return null
  return attemptSchema.safeParse(job.input).data ?? null
}
