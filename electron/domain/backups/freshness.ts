import type { BackupFreshness } from '../../../shared/contract/backups.ts'
import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type { DestinationId } from '../../../shared/contract/destinations.ts'
import { jobKinds } from '../../../shared/job-kinds.ts'
import type { CopyHead, DatabaseRecord, JobRecord, ScheduleRecord } from '../ports.ts'
import { attemptOf } from './attempts.ts'
import { lateCopies } from './lateness.ts'
import { schedulesFor } from './schedule-scope.ts'
import { vanishedAt } from './vanished.ts'

/** Sizes shown as a trend. */
const trendLength = 14

/** What is known of all databases. */
export interface Known {
  databases: readonly DatabaseRecord[]
  /** Newest first, as the store gives them. */
  copies: readonly CopyHead[]
  /** Jobs of backups that failed, newest first. */
  failed: readonly JobRecord[]
  /** Jobs that wait or run. */
  active: readonly JobRecord[]
  schedules: readonly ScheduleRecord[]
  proofs: ReadonlyMap<DatabaseId, number>
  /** Empty for one that is gone. */
  destinationName: (id: DestinationId) => string
  now: number
}

/** How well each database is backed up. Pure. */
export function freshnessOf(known: Known): BackupFreshness[] {
  const { databases, schedules, proofs, destinationName } = known
  const byDatabase = grouped(known.copies)
  const failures = grouped(known.failed)
  const running = grouped(known.active.filter((job) => job.kind === jobKinds.createBackup))
  const late = lateCopies(known)
  const named = (destinationId: DestinationId) => ({
    destinationId,
    destinationName: destinationName(destinationId),
  })
  return databases.map((database) => {
    const { id } = database
    const copies = byDatabase.get(id) ?? []
    const good = copies.filter((copy) => copy.problem === null)
    const newest = good[0]
    const failed = failures.get(id) ?? []
    const plans = schedulesFor(schedules, database)
    return {
      databaseId: id,
      newest:
        newest === undefined
          ? null
          : {
              id: newest.backupId,
              createdAt: newest.madeAt,
              verified: good.some(
                (copy) => copy.backupId === newest.backupId && copy.verifiedAt !== null,
              ),
            },
      trend: trendOf(good),
      failed: lastFailures(failed, good, plans).map(({ destinationId, job }) => ({
        ...whatFailed(job),
        ...named(destinationId),
      })),
      provenAt: proofs.get(id) ?? null,
      unproven: unprovenOf(failed, proofs.get(id) ?? 0),
      nextRunAt: soonest(plans),
      late: (late.get(id) ?? []).map(named),
      vanished: vanishedAt(copies).map(named),
      jobId: (running.get(id) ?? [])[0]?.id ?? null,
    }
  })
}

/** The last failure at each destination, unless it is over; newest first, as they are given. */
function lastFailures(
  failed: readonly JobRecord[],
  good: readonly CopyHead[],
  plans: readonly ScheduleRecord[],
): { destinationId: DestinationId; job: JobRecord }[] {
  const planned = new Set(plans.flatMap(({ plan }) => plan.destinationIds))
  const last = new Map<DestinationId, JobRecord>()
  for (const job of failed) {
    const attempt = attemptOf(job)
    if (attempt === null) continue
    const at = attempt.to ?? attempt.destinationId
    if (last.has(at)) continue
    const begun = job.startedAt ?? job.createdAt
    const isOver = good.some((copy) => {
      const isHere = copy.destinationId === at
      if (copy.backupId !== attempt.backupId) {
        // Where no schedule wants one, a newer backup elsewhere will do.
        return copy.madeAt >= begun && (isHere || !planned.has(at))
      }
      if (job.kind !== jobKinds.verifyBackup) return isHere
      return isHere && (copy.verifiedAt ?? 0) > (job.endedAt ?? begun)
    })
    if (!isOver) last.set(at, job)
  }
  return [...last].map(([destinationId, job]) => ({ destinationId, job }))
}

/** The last test restore, if it came to nothing after the last proof. */
function unprovenOf(failed: readonly JobRecord[], provenAt: number): BackupFreshness['unproven'] {
  const last = failed.find((job) => job.kind === jobKinds.testRestore)
  return last === undefined || last.createdAt <= provenAt ? null : whatFailed(last)
}

function whatFailed({ id, endedAt, createdAt, error }: JobRecord) {
  const unknown = { code: 'internal', message: 'It failed without a reason.' } as const
  return { jobId: id, at: endedAt ?? createdAt, error: error ?? unknown }
}

function grouped<T extends { databaseId: string | null }>(
  items: readonly T[],
): ReadonlyMap<string | null, readonly T[]> {
  const groups = new Map<string | null, T[]>()
  for (const item of items) {
    const group = groups.get(item.databaseId)
    if (group === undefined) groups.set(item.databaseId, [item])
    else group.push(item)
  }
  return groups
}

function soonest(schedules: readonly ScheduleRecord[]): number | null {
  const times = schedules.flatMap(({ nextRunAt }) => (nextRunAt === null ? [] : [nextRunAt]))
  return times.length === 0 ? null : Math.min(...times)
}

/** Each backup once, oldest first. */
function trendOf(good: readonly CopyHead[]): number[] {
  const sizes = new Map(good.map((copy) => [copy.backupId, copy.plainBytes]))
  return [...sizes.values()].slice(0, trendLength).toReversed()
}
