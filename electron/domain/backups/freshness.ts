import type { BackupFreshness } from '../../../shared/contract/backups.ts'
import type { CopyHead, DatabaseRecord, JobRecord, ScheduleRecord } from '../ports.ts'
import { lateDatabases } from './lateness.ts'
import { schedulesFor } from './schedule-scope.ts'
import { testRestoreKind } from './test-restore-due.ts'

/** Sizes shown as a trend. */
const trendLength = 14

/** How well each database is backed up. Pure; the copies come newest first, as the store gives them. */
export function freshnessOf(
  databases: readonly DatabaseRecord[],
  copies: readonly CopyHead[],
  jobs: readonly JobRecord[],
  {
    schedules,
    proofs,
    now,
  }: {
    schedules: readonly ScheduleRecord[]
    proofs: ReadonlyMap<string, number>
    now: number
  },
): BackupFreshness[] {
  const byDatabase = grouped(copies)
  const attempts = grouped(jobs.filter((job) => job.kind === 'create-backup'))
  const tests = grouped(jobs.filter((job) => job.kind === testRestoreKind))
  const late = lateDatabases(schedules, databases, copies, now)
  return databases.map((database) => {
    const { id } = database
    const good = (byDatabase.get(id) ?? []).filter((copy) => copy.problem === null)
    const newest = good[0]
    const own = attempts.get(id) ?? []
    const running = own.find((job) => job.state === 'running' || job.state === 'waiting')
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
      // What failed before the newest good one is over.
      failed: failureOf(own, newest?.madeAt ?? 0),
      provenAt: proofs.get(id) ?? null,
      unproven: failureOf(tests.get(id) ?? [], proofs.get(id) ?? 0),
      nextRunAt: soonest(schedulesFor(schedules, database)),
      late: late.has(id),
      jobId: running?.id ?? null,
    }
  })
}

/** The last of the attempts, if it failed and was begun after what makes failures past. */
function failureOf(jobs: readonly JobRecord[], past: number): BackupFreshness['failed'] {
  const last = jobs.toSorted((a, b) => b.createdAt - a.createdAt)[0]
  return last?.state === 'failed' && last.error !== null && last.createdAt > past
    ? { jobId: last.id, at: last.endedAt ?? last.createdAt, error: last.error }
    : null
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
