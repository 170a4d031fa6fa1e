import type { JobId } from '../../../shared/contract/jobs.ts'
import type { Clock, Log, Publish, ScheduleRecord, Stores } from '../ports.ts'
import type { Backups } from './backups.ts'
import type { ClockWatch } from './clock-watch.ts'
import { lateCopies } from './lateness.ts'
import { databasesIn, jitterMs } from './schedule-scope.ts'
import { look } from './schedule-times.ts'

/** Between two looks at the schedules, milliseconds. */
const tickMs = 30_000

interface SchedulerDeps {
  stores: Stores
  clock: Clock
  log: Log
  publish: Publish
  start: Backups['start']
  clockWatch: Pick<ClockWatch, 'look' | 'woke'>
}

/** Starts the backups of schedules when they are due. */
export interface Scheduler {
  /** Looks now and from now on. */
  follow(): void
  /** After sleep. */
  wake(): void
  /** Starts what is due, once; for a process that does not stay. */
  runDue(): JobId[]
  stop(): void
}

/** Of several processes that see a schedule due, the one whose claim succeeds starts its backups. */
export function createScheduler(deps: SchedulerDeps): Scheduler {
  const { stores, clock, log, publish } = deps
  let timer: NodeJS.Timeout | undefined
  let late = ''

  const run = (record: ScheduleRecord): JobId[] => {
    const { id, plan, nextRunAt: planned } = record
    const now = clock.now()
    const { due, missed, next } = look(plan, planned, now)
    if (!due || planned === null) {
      if (next !== planned) stores.schedules.update(id, { nextRunAt: next })
      return []
    }
    // One transaction: a process that dies here has either planned and started, or done neither.
    return stores.transaction(() => {
      if (!stores.schedules.claim(id, planned, { nextRunAt: next, lastRunAt: now, missed }))
        return []
      if (missed > 0) log.info('a schedule makes up for missed times', { schedule: id, missed })
      return databasesIn(plan.scope, stores.databases.list()).map(
        (database) =>
          deps.start({
            ...plan,
            databaseId: database.id,
            scheduleId: id,
            runAt: now + jitterMs(id, database.id, plan.jitterSeconds),
          }).jobId,
      )
    })
  }

  const runDue = (): JobId[] => {
    deps.clockWatch.look()
    return stores.schedules
      .list()
      .filter(({ plan }) => plan.enabled)
      .flatMap((record) => {
        try {
          const started = run(record)
          if (started.length > 0) publish({ type: 'changed', topic: 'schedules' })
          return started
        } catch (thrown) {
          // The others go on; this one is looked at again, and its databases become late.
          log.error('a schedule could not run', thrown, { schedule: record.id })
          return []
        }
      })
  }

  /** Time alone makes a backup late: whoever shows that has to be told. */
  const tellLate = (): void => {
    const now = lateCopies({
      schedules: stores.schedules.list(),
      databases: stores.databases.list(),
      copies: stores.backups.heads(),
      active: stores.jobs.active(),
      now: clock.now(),
    })
    const next = JSON.stringify([...now].toSorted())
    if (next !== late) publish({ type: 'changed', topic: 'backups' })
    late = next
  }

  const tick = (): void => {
    try {
      runDue()
      tellLate()
    } catch (thrown) {
      log.error('the schedules could not be looked at', thrown)
    }
  }

  return {
    runDue,
    follow: () => {
      if (timer !== undefined) return
      timer = setInterval(tick, tickMs)
      timer.unref()
      tick()
    },
    wake: () => {
      deps.clockWatch.woke()
      if (timer !== undefined) tick()
    },
    stop: () => clearInterval(timer),
  }
}
