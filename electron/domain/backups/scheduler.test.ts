import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { jobIdSchema } from '../../../shared/contract/jobs.ts'
import { backupIdSchema } from '../../../shared/contract/backups.ts'
import {
  someDatabase,
  someHost,
  standingClock,
  temporaryFolder,
} from '../../adapters/sqlite/fixtures.ts'
import { openStores } from '../../adapters/sqlite/index.ts'
import type { Stores } from '../ports.ts'
import type { BackupWish } from './backups.ts'
import { createClockWatch } from './clock-watch.ts'
import { someSchedule } from './schedule-fixtures.ts'
import { jitterMs } from './schedule-scope.ts'
import { createScheduler } from './scheduler.ts'
import { silentLog } from '../silent-log.ts'

// Two processes on one store: each has its own connection, and both look.

const hour = 3_600_000
const day = 24 * hour
const due = Date.UTC(2026, 5, 15, 3, 30)

let folder: ReturnType<typeof temporaryFolder>
let clock: ReturnType<typeof standingClock>
let stores: Stores
let other: Stores
let wishes: BackupWish[]
const host = someHost()
const first = someDatabase(host, { state: 'ready', name: 'first', containerName: 'a' })
const second = someDatabase(host, { state: 'ready', name: 'second', containerName: 'b' })

beforeEach(() => {
  folder = temporaryFolder()
  clock = standingClock(due - 60_000)
  const file = join(folder.path, 'quayside.db')
  stores = openStores({ file, clock })
  other = openStores({ file, clock })
  stores.hosts.insert(host)
  stores.databases.insert(first)
  stores.databases.insert(second)
  wishes = []
})
afterEach(() => {
  stores.close()
  other.close()
  folder[Symbol.dispose]()
})

function schedulerOn(on: Stores, start?: (wish: BackupWish) => void) {
  return createScheduler({
    stores: on,
    clock,
    log: silentLog,
    publish: () => undefined,
    clockWatch: createClockWatch(clock, () => 0),
    start: (wish) => {
      start?.(wish)
      wishes.push(wish)
      const id = backupIdSchema.parse(crypto.randomUUID())
      return { id, jobId: jobIdSchema.parse(crypto.randomUUID()) }
    },
  })
}
const one = () => stores.schedules.list()[0]

describe('the scheduler', () => {
  it('runs what is due once, however many processes look', () => {
    const schedule = someSchedule({ jitterSeconds: 600 }, { nextRunAt: due })
    stores.schedules.insert(schedule)
    const both = [schedulerOn(stores), schedulerOn(other)]
    for (const each of both) expect(each.runDue()).toEqual([])
    clock.at = due + 1000
    const started = both.flatMap((each) => each.runDue())
    expect(started).toHaveLength(2)
    expect(wishes.map(({ databaseId }) => databaseId).toSorted()).toEqual(
      [first.id, second.id].toSorted(),
    )
    for (const { databaseId, runAt, scheduleId } of wishes) {
      expect(scheduleId).toBe(schedule.id)
      expect(runAt).toBe(clock.at + jitterMs(schedule.id, databaseId, 600))
    }
    expect(one()).toMatchObject({ nextRunAt: due + day, lastRunAt: clock.at, missed: 0 })
  })

  it('makes up for all that was missed in sleep by one run, and counts it', () => {
    stores.schedules.insert(someSchedule({}, { nextRunAt: due }))
    clock.at = due + 5 * day + hour
    const scheduler = schedulerOn(stores)
    expect(scheduler.runDue()).toHaveLength(2)
    expect(scheduler.runDue()).toHaveLength(0)
    expect(one()).toMatchObject({ missed: 5, nextRunAt: due + 6 * day })
  })

  it('runs nothing twice and waits no longer when the clock is set back', () => {
    stores.schedules.insert(someSchedule({}, { nextRunAt: due }))
    const scheduler = schedulerOn(stores)
    clock.at = due
    expect(scheduler.runDue()).toHaveLength(2)
    clock.at = due - 10 * day - 2 * hour
    expect(scheduler.runDue()).toHaveLength(0)
    expect(one()?.nextRunAt).toBe(due - 10 * day)
    clock.at = due - 10 * day
    expect(scheduler.runDue()).toHaveLength(2)
  })

  it.each([
    ['an hour ahead', hour, 1],
    ['a year ahead', 365 * day, 1],
    ['an hour behind', -hour, 0],
    ['a year behind', -365 * day, 0],
  ])(
    'runs once at most with a clock that is set %s, and again once it is right',
    (_w, skew, runs) => {
      stores.schedules.insert(someSchedule({}, { nextRunAt: due + day }))
      const scheduler = schedulerOn(stores)
      // Two databases each time.
      clock.at = due + day + skew
      expect(scheduler.runDue()).toHaveLength(2 * runs)
      expect(scheduler.runDue()).toHaveLength(0)
      // Right again: planned anew where it waits for a time far ahead, and never twice for one time.
      clock.at = due + day + hour
      const late = scheduler.runDue().length
      clock.at = due + 2 * day
      const next = scheduler.runDue().length
      expect(late + next).toBe(skew > 0 ? 2 : 4)
      expect(one()?.nextRunAt).toBe(due + 3 * day)
    },
  )

  it('leaves alone what is off', () => {
    stores.schedules.insert(someSchedule({ enabled: false }, { nextRunAt: due }))
    clock.at = due + day
    expect(schedulerOn(stores).runDue()).toEqual([])
  })

  it('that could not start everything has not run, and goes on with the others', () => {
    const broken = someSchedule({ name: 'broken' }, { nextRunAt: due })
    stores.schedules.insert(broken)
    stores.schedules.insert(someSchedule({ name: 'sound' }, { nextRunAt: due, createdAt: 2 }))
    clock.at = due
    const scheduler = schedulerOn(stores, ({ scheduleId }) => {
      if (scheduleId === broken.id) throw new Error('the disk is full')
    })
    expect(scheduler.runDue()).toHaveLength(2)
    expect(stores.schedules.get(broken.id)).toMatchObject({ nextRunAt: due, lastRunAt: null })
  })
})
