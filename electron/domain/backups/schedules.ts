import { randomUUID } from 'node:crypto'
import type { BackupId } from '../../../shared/contract/backups.ts'
import type { DestinationId } from '../../../shared/contract/destinations.ts'
import { scheduleIdSchema } from '../../../shared/contract/schedules.ts'
import type { ScheduleId, ScheduleInput, ScheduleView } from '../../../shared/contract/schedules.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Service } from '../core.ts'
import type {
  Clock,
  CopyRecord,
  DatabaseRecord,
  Publish,
  ScheduleRecord,
  Stores,
} from '../ports.ts'
import type { Backups } from './backups.ts'
import { decideFor, type CopiesDecision } from './retention-view.ts'
import type { RecoveryKey } from './recovery-key.ts'
import { databasesIn, schedulesFor } from './schedule-scope.ts'
import { nextRuns } from './schedule-times.ts'
import { namesOf } from './view-backup.ts'

/** How many of the next times a preview tells. */
const previewRuns = 5

interface SchedulesDeps {
  stores: Stores
  clock: Clock
  publish: Publish
  recoveryKey: Pick<RecoveryKey, 'whenSaved'>
  start: Backups['start']
}

/** Schedules: look, make, change, try out and run. What makes them run by themselves is the scheduler. */
export function createSchedules(deps: SchedulesDeps): Service<'schedules'> {
  const { stores, clock, publish } = deps

  const recordOf = (id: ScheduleId): ScheduleRecord => {
    const record = stores.schedules.get(id)
    if (record !== null) return record
    throw new QuaysideError('not_found', 'There is no such schedule any more.')
  }
  const view = ({ plan, ...record }: ScheduleRecord): ScheduleView => ({
    ...plan,
    ...record,
    databaseIds: databasesIn(plan.scope, stores.databases.list()).map(({ id }) => id),
  })
  const firstRun = (plan: ScheduleInput): number | null =>
    plan.enabled ? (nextRuns(plan, clock.now(), 1)[0] ?? null) : null

  /** Refuses what could never run. @throws QuaysideError with the field that is wrong */
  const check = async (plan: ScheduleInput): Promise<void> => {
    const [next] = nextRuns(plan, clock.now(), 1)
    if (next === undefined) {
      throw new QuaysideError('invalid_input', `“${plan.cron}” never comes.`, {
        hint: 'There is no such day. Choose another time.',
        field: 'cron',
      })
    }
    for (const id of plan.destinationIds) {
      if (stores.destinations.get(id) !== null) continue
      throw gone('destination', 'destinationIds')
    }
    const { scope } = plan
    if (scope.kind === 'database' && stores.databases.get(scope.databaseId) === null) {
      throw gone('database', 'scope.databaseId')
    }
    if (scope.kind !== 'database' && scope.hostId !== undefined) {
      if (stores.hosts.get(scope.hostId) === null) throw gone('host', 'scope.hostId')
    }
    if (plan.encrypt) await deps.recoveryKey.whenSaved().catch(atEncrypt)
  }
  const told = (action: string, { id, plan }: Pick<ScheduleRecord, 'id' | 'plan'>): void => {
    stores.audit.append({
      action: `schedules.${action}`,
      subject: plan.name,
      facts: { id, cron: plan.cron, timeZone: plan.timeZone, keep: JSON.stringify(plan.retention) },
    })
  }
  const changed = (): void => {
    publish({ type: 'changed', topic: 'schedules' })
    // Whether a backup is late, and when the next one comes, is told with the backups.
    publish({ type: 'changed', topic: 'backups' })
  }

  return {
    list: async () => stores.schedules.list().map(view),

    create: async (plan) => {
      await check(plan)
      const record: ScheduleRecord = {
        id: scheduleIdSchema.parse(randomUUID()),
        plan,
        createdAt: clock.now(),
        nextRunAt: firstRun(plan),
        lastRunAt: null,
        missed: 0,
      }
      stores.transaction(() => {
        stores.schedules.insert(record)
        told('create', record)
      })
      changed()
      return { id: record.id }
    },

    update: async ({ id, change }) => {
      recordOf(id)
      await check(change)
      stores.transaction(() => {
        const { plan, nextRunAt } = recordOf(id)
        const sameTimes = plan.cron === change.cron && plan.timeZone === change.timeZone
        const keeps = sameTimes && plan.enabled && change.enabled
        stores.schedules.update(id, {
          plan: change,
          nextRunAt: keeps ? nextRunAt : firstRun(change),
        })
        told('update', { id, plan: change })
      })
      changed()
      return {}
    },

    remove: async ({ id }) => {
      stores.transaction(() => {
        const record = recordOf(id)
        stores.schedules.remove(id)
        told('remove', record)
      })
      changed()
      return {}
    },

    runNow: async ({ id }) => {
      const { plan } = recordOf(id)
      const jobIds = databasesIn(plan.scope, stores.databases.list()).map(
        (database) => deps.start({ ...plan, databaseId: database.id, scheduleId: id }).jobId,
      )
      stores.schedules.update(id, { lastRunAt: clock.now() })
      changed()
      return { jobIds }
    },

    preview: async ({ id, ...plan }) => {
      const all = stores.databases.list()
      const databases = databasesIn(plan.scope, all)
      const saved = stores.schedules.list()
      const before = saved.find((record) => record.id === id)?.plan
      const others = saved.filter((record) => record.id !== id)
      // Also where it keeps backups no longer: there others may be all that does.
      const places = placesOf(before === undefined ? [plan] : [plan, before], all)
      const decisions = places.map(({ database, destinationId }) => {
        const copies = stores.backups
          .ofDatabase(database.id)
          .filter((copy) => copy.destinationId === destinationId)
        const decideBy = (schedules: readonly ScheduleRecord[], more: readonly ScheduleInput[]) =>
          decideFor(
            copies,
            [
              ...more,
              ...schedulesFor(schedules, database, destinationId).map((record) => record.plan),
            ],
            {
              now: clock.now(),
              clockJumped: false,
              useOf: () => ({ inUse: false, isTried: false }),
            },
          )
        const keeps =
          plan.enabled &&
          plan.destinationIds.includes(destinationId) &&
          databases.some((each) => each.id === database.id)
        const decision = decideBy(others, keeps ? [plan] : [])
        // Where it keeps nothing, what goes whatever becomes of it is no doing of this change.
        const anyway = new Set(keeps ? [] : goingBy(decideBy(saved, [])))
        const named = (copy: CopyRecord) => ({
          databaseName: database.name,
          destinationId,
          name: namesOf(copy.manifest).dump,
          createdAt: copy.madeAt,
          bytes: copy.storedBytes,
        })
        const told = (going: readonly CopyRecord[]) =>
          going.filter(({ backupId }) => !anyway.has(backupId)).map(named)
        return {
          removals: told(decision.remove),
          onceRead: told(decision.onceRead),
          kept: decision.keep.length,
        }
      })
      return {
        nextRuns: nextRuns(plan, clock.now(), previewRuns),
        databaseIds: databases.map((database) => database.id),
        removals: decisions.flatMap(({ removals }) => removals),
        onceRead: decisions.flatMap(({ onceRead }) => onceRead),
        kept: decisions.reduce((sum, { kept }) => sum + kept, 0),
      }
    },
  }
}

/** Each database at each destination that one of the plans is for, once. */
function placesOf(
  plans: readonly ScheduleInput[],
  databases: readonly DatabaseRecord[],
): { database: DatabaseRecord; destinationId: DestinationId }[] {
  const places = plans.flatMap((plan) =>
    databasesIn(plan.scope, databases).flatMap((database) =>
      plan.destinationIds.map((destinationId) => ({ database, destinationId })),
    ),
  )
  const byName = new Map(
    places.map((place) => [`${place.database.id} ${place.destinationId}`, place] as const),
  )
  return [...byName.values()]
}

/** What a decision lets go, now or later. */
function goingBy({ remove, onceRead }: CopiesDecision): BackupId[] {
  return [...remove, ...onceRead].map(({ backupId }) => backupId)
}

function gone(what: string, field: string): QuaysideError {
  return new QuaysideError('not_found', `There is no such ${what} any more.`, { field })
}

/** The form has a switch for it: that is where the user can do something. */
function atEncrypt(thrown: unknown): never {
  if (!(thrown instanceof QuaysideError) || thrown.code !== 'recovery_key_unsaved') throw thrown
  throw new QuaysideError(thrown.code, thrown.message, { hint: thrown.hint, field: 'encrypt' })
}
