import { describe, expect, it } from 'vitest'
import { backupIdSchema } from '../../../shared/contract/backups.ts'
import { destinationIdSchema } from '../../../shared/contract/destinations.ts'
import { someDatabase, someHost, someJob } from '../../adapters/sqlite/fixtures.ts'
import type { CopyHead, JobRecord } from '../ports.ts'
import { freshnessOf } from './freshness.ts'
import { lateCopies } from './lateness.ts'
import { someSchedule } from './schedule-fixtures.ts'

const hour = 3_600_000
const day = 24 * hour
const due = Date.UTC(2026, 5, 15, 3, 30)
const database = someDatabase(someHost(), { state: 'ready' })
const disk = destinationIdSchema.parse(crypto.randomUUID())
const cold = destinationIdSchema.parse(crypto.randomUUID())
const usual = someSchedule({ jitterSeconds: 600, destinationIds: [disk] })
const both = someSchedule({ destinationIds: [disk, cold] })

function copy(madeAt: number, change: Partial<CopyHead> = {}): CopyHead {
  return {
    backupId: backupIdSchema.parse(crypto.randomUUID()),
    destinationId: disk,
    databaseId: database.id,
    madeAt,
    plainBytes: 1,
    storedBytes: 1,
    storedAt: madeAt,
    verifiedAt: null,
    restoredAt: null,
    problem: null,
    ...change,
  }
}
function job(kind: string, input: object, change: Partial<JobRecord> = {}): JobRecord {
  const whole = { backupId: crypto.randomUUID(), destinationId: disk, followers: [], ...input }
  return someJob({ kind, input: whole, databaseId: database.id, ...change })
}
const known = { schedules: [both], databases: [database], copies: [], active: [] }
const lateAt = (given: Partial<Parameters<typeof lateCopies>[0]> & { now: number }) =>
  lateCopies({ ...known, ...given }).get(database.id) ?? []
const isLate = (copies: readonly CopyHead[], now: number, schedule = usual): boolean =>
  lateAt({ schedules: [schedule], copies, now }).length > 0

describe('a backup is late', () => {
  it('an hour, and the jitter, after its time, until there is a good one', () => {
    const yesterday = copy(due - 23 * hour)
    expect(isLate([yesterday], due + hour)).toBe(false)
    expect(isLate([yesterday], due + hour + 600_000 + 1)).toBe(true)
    expect(isLate([], due + 2 * hour)).toBe(true)
    expect(isLate([yesterday, copy(due + hour / 2)], due + 2 * hour)).toBe(false)
    const damaged = { code: 'backup_damaged', message: 'It is damaged.' } as const
    expect(isLate([yesterday, copy(due, { problem: damaged })], due + 2 * hour)).toBe(true)
  })

  it('never for what a schedule was not there for, or is off for', () => {
    expect(isLate([], due + 2 * hour, someSchedule({}, { createdAt: due + 1 }))).toBe(false)
    expect(isLate([], due + 2 * hour, someSchedule({ enabled: false }))).toBe(false)
    const born = { ...database, createdAt: due + 1 }
    expect(lateCopies({ ...known, databases: [born], now: due + 2 * hour }).size).toBe(0)
  })

  it('at each destination of its schedule by itself', () => {
    const now = due + 2 * hour
    expect(lateAt({ copies: [copy(due)], now })).toEqual([cold])
    expect(lateAt({ copies: [copy(due, { destinationId: cold })], now })).toEqual([disk])
    expect(lateAt({ copies: [copy(due), copy(due, { destinationId: cold })], now })).toEqual([])
  })

  it('not while its job waits in the queue, unless the time before was missed too', () => {
    const now = due + 4 * hour
    const yesterday = [copy(due - day), copy(due - day, { destinationId: cold })]
    const queued = job('create-backup', { followers: [cold] })
    expect(lateAt({ copies: yesterday, active: [queued], now })).toEqual([])
    const copying = job('copy-backup', { to: cold })
    const near = [copy(due), ...yesterday]
    expect(lateAt({ copies: near, active: [copying], now })).toEqual([])
    expect(lateAt({ copies: near, active: [job('verify-backup', {})], now })).toEqual([cold])
    for (const end of [{ cancelRequested: true }, { undoing: 'failed' as const }]) {
      expect(lateAt({ copies: near, active: [{ ...copying, ...end }], now })).toEqual([cold])
    }
    // Copying has failed for nights: tonight’s try does not make it punctual for its time.
    const old = [copy(due), copy(due - 9 * day, { destinationId: cold })]
    expect(lateAt({ copies: old, active: [copying], now })).toEqual([cold])
  })
})

describe('a failure', () => {
  const error = { code: 'destination_denied', message: 'The key is not valid.' } as const
  const failed = (kind: string, input: object, at: number): JobRecord =>
    job(kind, input, { state: 'failed', error, createdAt: at, startedAt: at, endedAt: at + 1 })
  const told = (jobs: JobRecord[], copies: CopyHead[], schedules = [both]) =>
    freshnessOf({
      ...known,
      schedules,
      copies,
      failed: jobs,
      proofs: new Map(),
      now: due + hour,
      destinationName: (id) => (id === cold ? 'cold' : 'disk'),
    }).flatMap((each) => each.failed.map(({ destinationName }) => destinationName))

  it('off-site is told however good the copies near by are', () => {
    const copies = [copy(due), copy(due - day), copy(due - 2 * day, { destinationId: cold })]
    const copying = failed('copy-backup', { to: cold }, due + 1)
    expect(told([copying], copies)).toEqual(['cold'])
    expect(told([copying], [...copies, copy(due + 2, { destinationId: cold })])).toEqual([])
    const making = failed('create-backup', {}, due + 5)
    expect(told([making, copying], copies)).toEqual(['disk', 'cold'])
  })

  it('to read a copy is over when it was read after all, or another lies there', () => {
    const made = copy(due)
    const reading = failed('verify-backup', { backupId: made.backupId }, due + 1)
    expect(told([reading], [made])).toEqual(['disk'])
    expect(told([reading], [{ ...made, verifiedAt: due + 9 }])).toEqual([])
    expect(told([reading], [copy(due + 2), made])).toEqual([])
  })

  it('where no schedule wants a backup is over with a good one anywhere', () => {
    const making = failed('create-backup', { destinationId: cold }, due)
    expect(told([making], [copy(due + 1)], [usual])).toEqual([])
    expect(told([making], [copy(due + 1)])).toEqual(['cold'])
  })
})
