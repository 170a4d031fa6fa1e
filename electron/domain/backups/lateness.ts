import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type { CopyHead, DatabaseRecord, ScheduleRecord } from '../ports.ts'
import { databasesIn } from './schedule-scope.ts'
import { previousRun } from './schedule-times.ts'

/** How long a backup may take to come after its time, milliseconds. */
const graceMs = 3_600_000

/**
 * The databases that a schedule should have backed up by now and has not: no good backup has been made
 * since the latest due time that lies more than the grace, and the jitter, back.
 */
export function lateDatabases(
  schedules: readonly ScheduleRecord[],
  databases: readonly DatabaseRecord[],
  copies: readonly CopyHead[],
  now: number,
): ReadonlySet<DatabaseId> {
  const newest = new Map<DatabaseId, number>()
  for (const { databaseId, madeAt, problem } of copies) {
    if (problem !== null) continue
    newest.set(databaseId, Math.max(newest.get(databaseId) ?? 0, madeAt))
  }
  const late = new Set<DatabaseId>()
  for (const { plan, createdAt } of schedules) {
    if (!plan.enabled) continue
    const due = previousRun(plan, now - graceMs - plan.jitterSeconds * 1000)
    if (due === null || due < createdAt) continue
    for (const database of databasesIn(plan.scope, databases)) {
      if (database.createdAt > due) continue
      if ((newest.get(database.id) ?? 0) < due) late.add(database.id)
    }
  }
  return late
}
