import { createHash } from 'node:crypto'
import type { ScheduleId, ScheduleScope } from '../../../shared/contract/schedules.ts'
import type { DatabaseRecord, ScheduleRecord } from '../ports.ts'

type Candidate = Pick<DatabaseRecord, 'id' | 'hostId' | 'environment' | 'engine' | 'name' | 'state'>

/** The databases that a schedule takes in as of now: not those in the trash or still being created. */
export function databasesIn<T extends Candidate>(
  scope: ScheduleScope,
  databases: readonly T[],
): T[] {
  return databases.filter((database) => database.state === 'ready' && takesIn(scope, database))
}

/** The schedules that are on and take a database in; with a destination, those that use it. */
export function schedulesFor(
  schedules: readonly ScheduleRecord[],
  database: Candidate,
  destinationId?: string,
): ScheduleRecord[] {
  return schedules.filter(
    ({ plan }) =>
      plan.enabled &&
      databasesIn(plan.scope, [database]).length > 0 &&
      (destinationId === undefined || plan.destinationIds.some((id) => id === destinationId)),
  )
}

/**
 * How long after its due time a database's backup starts, milliseconds: always the same for one
 * schedule and database, so that the distance between its backups stays the same too.
 */
export function jitterMs(
  scheduleId: ScheduleId,
  databaseId: string,
  jitterSeconds: number,
): number {
  const hash = createHash('sha256').update(`${scheduleId}/${databaseId}`).digest().readUInt32BE()
  return Math.floor((hash / 2 ** 32) * jitterSeconds * 1000)
}

function takesIn(scope: ScheduleScope, database: Candidate): boolean {
  switch (scope.kind) {
    case 'database':
      return database.id === scope.databaseId
    case 'host':
      return database.hostId === scope.hostId
    case 'rule':
      return (
        (scope.hostId === undefined || database.hostId === scope.hostId) &&
        (scope.environment === undefined || database.environment === scope.environment) &&
        (scope.engine === undefined || database.engine === scope.engine) &&
        (scope.nameContains === undefined || database.name.includes(scope.nameContains))
      )
  }
}
