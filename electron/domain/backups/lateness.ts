import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type { DestinationId } from '../../../shared/contract/destinations.ts'
import type { CopyHead, DatabaseRecord, JobRecord, ScheduleRecord } from '../ports.ts'
import { attemptOf } from './attempts.ts'
import { databasesIn } from './schedule-scope.ts'
import { previousRun } from './schedule-times.ts'

/** How long a backup may take to come after its time, milliseconds. */
const graceMs = 3_600_000

/** What tells whether a backup is late. */
export interface Lateness {
  schedules: readonly ScheduleRecord[]
  databases: readonly DatabaseRecord[]
  copies: readonly CopyHead[]
  /** Jobs that wait or run. */
  active: readonly JobRecord[]
  now: number
}

/** Where each database's backup is late, of those it is late of. */
export type LateCopies = ReadonlyMap<DatabaseId, readonly DestinationId[]>

/**
 * At which destinations a schedule should have a backup of a database by now and has none: no good copy
 * there is of the latest due time that lies more than the grace, and the jitter, back. One whose job
 * waits its turn or is at work is not late yet, unless the time before was missed as well.
 */
export function lateCopies({ schedules, databases, copies, active, now }: Lateness): LateCopies {
  const newest = new Map<string, number>()
  for (const { databaseId, destinationId, madeAt, problem } of copies) {
    if (problem !== null) continue
    const key = keyOf(databaseId, destinationId)
    newest.set(key, Math.max(newest.get(key) ?? 0, madeAt))
  }
  const coming = new Set(active.flatMap(destinationsOf))
  const late = new Map<DatabaseId, Set<DestinationId>>()
  for (const { plan, createdAt } of schedules) {
    if (!plan.enabled) continue
    const due = previousRun(plan, now - graceMs - plan.jitterSeconds * 1000)
    if (due === null || due < createdAt) continue
    const before = Math.max(previousRun(plan, due) ?? 0, createdAt)
    for (const database of databasesIn(plan.scope, databases)) {
      if (database.createdAt > due) continue
      for (const destinationId of plan.destinationIds) {
        const key = keyOf(database.id, destinationId)
        const at = newest.get(key) ?? 0
        const missedBefore = at < before && database.createdAt <= before && before > createdAt
        if (at >= due || (coming.has(key) && !missedBefore)) continue
        late.set(database.id, (late.get(database.id) ?? new Set()).add(destinationId))
      }
    }
  }
  return new Map([...late].map(([id, destinations]) => [id, [...destinations]]))
}

/** Where the copies will lie that a job makes, or leads to. */
function destinationsOf(job: JobRecord): string[] {
  const attempt = attemptOf(job)
  if (attempt === null || job.undoing !== null || job.cancelRequested) return []
  const { databaseId } = job
  if (databaseId === null) return []
  const { destinationId, to, followers } = attempt
  return [...(to === undefined ? [destinationId, ...followers] : [to])].map((id) =>
    keyOf(databaseId, id),
  )
}

function keyOf(databaseId: DatabaseId, destinationId: DestinationId): string {
  return `${databaseId} ${destinationId}`
}
