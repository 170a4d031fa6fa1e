import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backupIdSchema, type BackupId } from '../../shared/contract/backups.ts'
import { databaseIdSchema } from '../../shared/contract/databases.ts'
import type { DestinationId } from '../../shared/contract/destinations.ts'
import type { JobId } from '../../shared/contract/jobs.ts'
import type { ScheduleId } from '../../shared/contract/schedules.ts'
import { createBackupSchema } from '../domain/backups/backup-job.ts'
import { someSchedule } from '../domain/backups/schedule-fixtures.ts'
import { backupsTestRig } from './backups-test-rig.ts'

const due = Date.UTC(2026, 5, 15, 3, 30)
let rig: ReturnType<typeof backupsTestRig>
let disk: DestinationId
let cold: DestinationId

beforeEach(() => {
  rig = backupsTestRig(due)
  disk = rig.addDestination('disk')
  cold = rig.addDestination('cold')
})
afterEach(() => rig.close())

const asked = () =>
  rig.stores.jobs.active().map(({ input, key }) => {
    const { destinationId, followers, encrypt } = createBackupSchema.parse(input)
    return { to: [destinationId, ...followers], encrypt, key }
  })
type Wish = Parameters<(typeof rig)['backups']['create']>[0]
const create = (change: Partial<Wish> = {}) =>
  rig.backups.create({
    databaseId: rig.database.id,
    destinationIds: [disk],
    codec: 'zstd',
    encrypt: false,
    ...change,
  })

describe('a backup that is asked for', () => {
  it('is the one that is made already only where nothing tells them apart', async () => {
    const first = await create()
    expect(await create()).toEqual(first)
    const others: Partial<Wish>[] = [
      { destinationIds: [cold] },
      { destinationIds: [disk, cold] },
      { encrypt: true },
      { codec: 'gzip' },
    ]
    for (const change of others) expect((await create(change)).id).not.toBe(first.id)
    expect(await create({ destinationIds: [cold, disk] })).toEqual(
      await create({ destinationIds: [disk, cold] }),
    )
    // One after another: they have the key of the database.
    expect(new Set(asked().map(({ key }) => key))).toEqual(new Set([`database/${rig.database.id}`]))
    expect(asked()).toHaveLength(1 + others.length)
  })

  it('is not one that is given up', async () => {
    const first = await create()
    rig.stores.jobs.update(first.jobId, { cancelRequested: true })
    const second = await create()
    expect(second.id).not.toBe(first.id)
    rig.stores.jobs.update(second.jobId, { undoing: 'failed' })
    expect((await create()).id).not.toBe(second.id)
  })

  it('is made for each of two schedules that are due at once, and for who asks meanwhile', async () => {
    const { schedules } = rig.stores
    schedules.insert(someSchedule({ destinationIds: [disk] }, { nextRunAt: due }))
    const off = { name: 'cold', destinationIds: [cold], encrypt: true }
    schedules.insert(someSchedule(off, { nextRunAt: due, createdAt: 2 }))
    expect(rig.scheduler.runDue()).toHaveLength(2)
    await create()
    expect(asked()).toMatchObject([
      { to: [disk], encrypt: false },
      { to: [cold], encrypt: true },
      { to: [disk], encrypt: false },
    ])
    // A schedule whose backup still waits at its next time is answered with that one.
    rig.clock.at = due + 86_400_000
    rig.scheduler.runDue()
    expect(asked()).toHaveLength(3)
  })
})

describe('a copy that is read', () => {
  const read = (copy: { backupId: BackupId; destinationId: DestinationId }) =>
    rig.backups.verify({ id: copy.backupId, destinationId: copy.destinationId })
  const state = (id: JobId) => rig.stores.jobs.get(id)?.state
  /** Lets the time pass that a job waits between two tries. */
  const pass = (): void => {
    rig.clock.at += 61_000
    rig.look()
  }
  /** A backup that was asked for at both destinations, and whose first copy is there. */
  const made = async (scheduleId: ScheduleId | null = null) => {
    const { jobId, id } = await create({ destinationIds: [disk, cold] })
    const { input } = rig.stores.jobs.get(jobId) ?? {}
    const whole = { ...createBackupSchema.parse(input), scheduleId }
    rig.stores.jobs.update(jobId, { state: 'done', input: whole })
    return rig.lay(disk, due, id).copy
  }
  const kinds = (kind: RegExp) =>
    rig.stores.jobs.list(20).flatMap((job) => (kind.test(job.kind) ? [job.state] : []))

  it('waits for a destination that is away, tries again and goes on', async () => {
    const copy = await made()
    rig.away.set(disk, 'destination_unreachable')
    const { jobId } = await read(copy)
    rig.work()
    await expect.poll(() => rig.stores.jobs.get(jobId)?.attempt).toBe(1)
    expect(rig.stores.jobs.get(jobId)).toMatchObject({
      state: 'waiting',
      error: { code: 'destination_unreachable' },
    })
    rig.away.clear()
    pass()
    await expect.poll(() => state(jobId)).toBe('done')
    // What was to follow the first reading follows this one.
    await expect
      .poll(() => rig.stores.backups.get(copy.backupId, cold)?.verifiedAt)
      .toEqual(expect.any(Number))
  })

  it.each([
    ['destination_unreachable', 10],
    ['stalled', 3],
    ['destination_denied', 1],
  ] as const)('is given up in the end: %s after %i tries', async (code, tries) => {
    rig.away.set(disk, code)
    const { jobId } = await read(rig.lay(disk, due).copy)
    rig.work()
    for (let n = 1; n < tries; n += 1) {
      await expect.poll(() => rig.stores.jobs.get(jobId)?.attempt).toBe(n)
      await expect.poll(() => state(jobId)).toBe('waiting')
      pass()
    }
    await expect.poll(() => state(jobId)).toBe('failed')
    const [fresh] = await rig.backups.freshness({})
    expect(fresh?.failed).toMatchObject([{ jobId, destinationName: 'disk', error: { code } }])
  })

  it('by hand after its own reading failed has all that was to come of the backup', async () => {
    const schedule = someSchedule({ destinationIds: [disk, cold] })
    rig.stores.schedules.insert(schedule)
    const copy = await made(schedule.id)
    const { jobId } = await read(copy)
    rig.work()
    await expect.poll(() => state(jobId)).toBe('done')
    await expect.poll(() => kinds(/^copy/)).toEqual(['done'])
    await expect.poll(() => kinds(/^verify/)).toEqual(['done', 'done'])
    await expect.poll(() => kinds(/retention/)).toEqual(['done', 'done'])
    // Read again, nothing follows anew: not what retention or somebody has taken away since either.
    await rig.backups.remove({
      id: copy.backupId,
      destinationId: cold,
      confirmName: rig.database.name,
    })
    const again = await read(copy)
    rig.look()
    await expect.poll(() => state(again.jobId)).toBe('done')
    expect(kinds(/^copy|retention/)).toEqual(['done', 'done', 'done'])
    expect(rig.stores.backups.get(copy.backupId, cold)).toBeNull()
  })
})

describe('what lies at a destination', () => {
  const problems = () => rig.stores.backups.heads().map(({ problem }) => problem?.code ?? null)
  const look = async (): Promise<void> => {
    await rig.backups.look({})
    await rig.looks.idle()
  }

  it('is looked at when somebody looks, within the hour once', async () => {
    const { files } = rig.lay(disk, due - 9_000)
    rig.lay(cold, due - 9_000)
    await look()
    expect(problems()).toEqual([null, null])
    expect(await rig.backups.looks({})).toMatchObject([
      { destinationName: 'cold', lookedAt: due, error: null },
      { destinationName: 'disk', lookedAt: due, error: null },
    ])
    // Somebody empties the folder: no job tells of that.
    const kept = files.map((file) => readFileSync(file))
    for (const file of files) rmSync(file)
    await look()
    expect(problems()).toEqual([null, null])
    rig.clock.at = due + 3_600_000
    await look()
    expect(problems().toSorted()).toEqual(['not_found', null])
    expect((await rig.backups.freshness({}))[0]?.newest).not.toBeNull()
    // And puts it back.
    for (const [n, file] of files.entries()) writeFileSync(file, kept[n] ?? '')
    rig.clock.at += 3_600_000
    await look()
    expect(problems()).toEqual([null, null])
  })

  it('is judged by length too, and what nobody knew is found', async () => {
    const { files, copy } = rig.lay(disk, due - 9_000)
    writeFileSync(files[1] ?? '', 'half')
    const other = rig.lay(disk, due - 99_000)
    rig.stores.backups.remove(other.copy.backupId, disk)
    await look()
    expect(rig.stores.backups.get(copy.backupId, disk)?.problem?.code).toBe('backup_damaged')
    // Whoever can write there could have written it.
    expect(rig.stores.backups.get(other.copy.backupId, disk)).toMatchObject({
      problem: null,
      madeHere: false,
      verifiedAt: null,
    })
  })

  it('stays as it was known where the look fails, which is told', async () => {
    const { files } = rig.lay(disk, due - 9_000)
    await look()
    for (const file of files) rmSync(file)
    rig.clock.at = due + 3_600_000
    rig.away.set(disk, 'destination_denied')
    await look()
    expect(problems()).toEqual([null])
    const told = async () => (await rig.backups.looks({}))[1]
    expect(await told()).toMatchObject({ lookedAt: due, error: { code: 'destination_denied' } })
    // Not at every glance anew.
    rig.away.clear()
    await look()
    expect(problems()).toEqual([null])
    rig.clock.at += 3_600_000
    await look()
    expect(await told()).toMatchObject({ lookedAt: rig.clock.at, error: null })
    expect(problems()).toEqual(['not_found'])
    expect(await rig.backups.freshness({})).toMatchObject([{ newest: null }])
  })
})

it('what there is no longer is said by the answer, whoever is asked', async () => {
  const id = backupIdSchema.parse(crypto.randomUUID())
  const databaseId = databaseIdSchema.parse(crypto.randomUUID())
  const gone = { code: 'not_found' }
  await expect(rig.backups.tables({ id })).rejects.toMatchObject(gone)
  await expect(rig.backups.verify({ id, destinationId: disk })).rejects.toMatchObject(gone)
  await expect(create({ databaseId })).rejects.toMatchObject(gone)
})
