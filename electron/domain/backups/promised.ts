import * as z from 'zod'
import { destinationIdSchema, type DestinationId } from '../../../shared/contract/destinations.ts'
import { jobKinds } from '../../../shared/job-kinds.ts'
import type { Stores } from '../ports.ts'
import { createBackupSchema, type LaterCopies } from './backup-job.ts'

const copyingSchema = z.object({ to: destinationIdSchema })
/** A job in one of these states has made its copy, will yet, or was told not to. */
const settled: ReadonlySet<string> = new Set(['waiting', 'running', 'done', 'cancelled'])

/**
 * What is to come of a copy that was read. Who reads it later, by hand or because the first try never
 * came to its end, knows nothing of that: the job that made the backup does.
 */
export function promised(
  stores: Pick<Stores, 'jobs' | 'backups' | 'destinations'>,
  copy: LaterCopies,
): { followers: DestinationId[]; scheduleId: LaterCopies['scheduleId'] } {
  const isHere = (id: DestinationId): boolean => id === copy.destinationId
  const jobs = stores.jobs.ofBackup(copy.backupId)
  const making = jobs.find(({ kind }) => kind === jobKinds.createBackup)
  const asked = createBackupSchema.safeParse(making?.input).data
  // A copy elsewhere, as at a destination that was added anew, is none that the job was to see to.
  const isPart = asked !== undefined && [asked.destinationId, ...asked.followers].some(isHere)
  const made = isPart ? asked : undefined
  const copied = new Set(
    jobs
      .filter(({ kind, state }) => kind === jobKinds.copyBackup && settled.has(state))
      .map(({ input }) => copyingSchema.safeParse(input).data?.to),
  )
  const wanted = new Set([...copy.followers, ...(made?.followers ?? [])])
  const followers = [...wanted].filter(
    (to) =>
      !isHere(to) &&
      !copied.has(to) &&
      stores.backups.get(copy.backupId, to) === null &&
      stores.destinations.get(to) !== null,
  )
  return { followers, scheduleId: copy.scheduleId ?? made?.scheduleId ?? null }
}
