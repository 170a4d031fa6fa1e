import * as z from 'zod'
import { backupIdSchema } from '../../../shared/contract/backups.ts'
import { destinationIdSchema } from '../../../shared/contract/destinations.ts'
import { jobKinds } from '../../../shared/job-kinds.ts'
import type { JobRecord } from '../ports.ts'

/** The kinds of jobs by which a copy comes to lie at a destination, and is read there. */
const attemptKinds: ReadonlySet<string> = new Set([
  jobKinds.createBackup,
  jobKinds.verifyBackup,
  jobKinds.copyBackup,
])

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
