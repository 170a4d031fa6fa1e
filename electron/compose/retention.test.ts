import { existsSync, rmSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { DestinationId } from '../../shared/contract/destinations.ts'
import { someJob } from '../adapters/sqlite/fixtures.ts'
import { takeAway } from '../domain/backups/remove-copy.ts'
import { someSchedule } from '../domain/backups/schedule-fixtures.ts'
import type { JobRecord } from '../domain/ports.ts'
import { backupsTestRig } from './backups-test-rig.ts'

const day = 86_400_000
const now = Date.UTC(2026, 5, 15, 3, 30)
const { signal } = new AbortController()
/** A busy computer takes its time. */
const patience = { timeout: 20_000 }
const steps = ['look', 'remove', 'tidy'].map((name) => ({ name, title: name }))

let rig: ReturnType<typeof backupsTestRig>
let disk: DestinationId

beforeEach(() => {
  rig = backupsTestRig(now)
  disk = rig.addDestination('disk')
  const retention = { last: 1, hourly: 0, daily: 0, weekly: 0, monthly: 0, maxBytes: null }
  rig.stores.schedules.insert(someSchedule({ destinationIds: [disk], retention }))
})
afterEach(() => rig.close())

/** A backup so many days old that was read back. */
function verified(daysOld: number) {
  const laid = rig.lay(disk, now - daysOld * day)
  rig.stores.backups.update(laid.copy.backupId, disk, { verifiedAt: now })
  return laid
}

function tidyUp(change: Partial<JobRecord> = {}): JobRecord {
  const { id: databaseId, name: databaseName, environment } = rig.database
  const about = { hostName: 'harbour', environment }
  const job = someJob({
    kind: 'apply-retention',
    key: 'retention/1',
    databaseId,
    input: { databaseId, databaseName, destinationId: disk, about },
    ...change,
  })
  rig.stores.jobs.insert(job, steps)
  return job
}

/** What its steps say once it is done. */
async function done({ id }: JobRecord): Promise<(string | null)[]> {
  rig.work()
  await expect.poll(() => rig.stores.jobs.get(id)?.state, patience).toBe('done')
  return rig.stores.jobs.steps(id).map(({ fact }) => fact)
}
const lies = ({ files }: { files: string[] }): boolean => files.every((file) => existsSync(file))
const isGone = ({ files }: { files: string[] }): boolean => files.every((file) => !existsSync(file))

/** As a restore that was enqueued, whatever it does. */
function use({ copy }: ReturnType<typeof verified>): void {
  const { backupId, destinationId } = copy
  const input = { backupId, destinationId }
  rig.stores.jobs.insert(someJob({ kind: 'a restore', key: 'database/9', input }), [])
}

it('a list that was decided long ago is decided anew before anything goes', async () => {
  const [old, newest] = [verified(9), verified(8)]
  const job = tidyUp()
  // The app was ended between the two steps, and in the weeks until now the newer one was lost.
  rig.stores.jobs.updateStep(job.id, 'look', { state: 'done', output: [old.copy.backupId] })
  for (const file of newest.files) rmSync(file)
  expect(await done(job)).toEqual([null, '1 stays after all', null])
  expect(lies(old)).toBe(true)
})

it('takes no more than was decided at first', async () => {
  const [older, old] = [verified(9), verified(8)]
  const newest = verified(0)
  const job = tidyUp()
  rig.stores.jobs.updateStep(job.id, 'look', { state: 'done', output: [older.copy.backupId] })
  expect((await done(job))[1]).toMatch(/^\S+\.dump removed, 23 B$/)
  expect([isGone(older), lies(old), lies(newest)]).toEqual([true, true, true])
})

it('a copy that a restore wants as it is being removed stays whole', async () => {
  const old = verified(9)
  const opened = async (id: DestinationId) => {
    const destination = await rig.openDestination(id)
    use(old)
    return destination
  }
  const deps = { stores: rig.stores, publish: () => undefined, openDestination: opened }
  await expect(takeAway(deps, old.copy, signal)).rejects.toMatchObject({ code: 'busy' })
  expect(lies(old)).toBe(true)
  expect(rig.stores.backups.get(old.copy.backupId, disk)).toEqual({ ...old.copy, verifiedAt: now })
})

it('from the first object that goes nobody finds the copy any more; what fails is put back', async () => {
  const old = verified(9)
  const { backupId } = old.copy
  const seen: unknown[] = []
  const failing = async (id: DestinationId) => ({
    ...(await rig.openDestination(id)),
    remove: (name: string) => {
      seen.push(rig.stores.backups.get(backupId, disk))
      return name.includes('manifest') ? Promise.resolve() : Promise.reject(new Error('no'))
    },
  })
  const deps = { stores: rig.stores, publish: () => undefined, openDestination: failing }
  await expect(takeAway(deps, old.copy, signal)).rejects.toThrow('no')
  expect(seen).toEqual([null, null])
  expect(rig.stores.backups.get(backupId, disk)?.problem?.code).toBe('not_found')
})

it('what one read found damaged is read again before it may go', async () => {
  const old = verified(9)
  verified(0)
  const problem = {
    code: 'backup_damaged',
    message: 'So it was read.',
    facts: { reads: '1' },
  } as const
  rig.stores.backups.update(old.copy.backupId, disk, { problem })
  const facts = await done(tidyUp())
  expect(facts[0]).toBe('2 stay, 1 of them damaged by what one read says, read again')
  // It is whole, and counts again.
  rig.work()
  const state = () => rig.stores.backups.get(old.copy.backupId, disk)?.problem
  await expect.poll(state, patience).toBe(null)
  expect(lies(old)).toBe(true)
})

it('a preview of one that is turned off or removed tells what others remove then, and no more', async () => {
  const [older, old] = [verified(9), rig.lay(disk, now - 8 * day)]
  verified(0)
  const [strict] = rig.stores.schedules.list()
  if (strict === undefined) throw new Error('there is no schedule')
  const { retention } = strict.plan
  const generous = someSchedule({ destinationIds: [disk], retention: { ...retention, last: 9 } })
  rig.stores.schedules.insert(generous)
  const off = ({ id, plan }: typeof strict) =>
    rig.schedules.preview({ ...plan, id, enabled: false })

  const { removals, onceRead, kept } = await off(generous)
  expect([removals, onceRead].map((list) => list.map(({ createdAt }) => createdAt))).toEqual([
    [older.copy.madeAt],
    [old.copy.madeAt],
  ])
  expect(kept).toBe(2)
  // One that goes to another place keeps nothing here any more.
  const elsewhere = rig.addDestination('elsewhere')
  const { id, plan } = generous
  const moved = await rig.schedules.preview({ ...plan, id, destinationIds: [elsewhere] })
  expect(moved).toMatchObject({ removals, onceRead })

  expect(await off(strict)).toMatchObject({ removals: [], onceRead: [], kept: 3 })
  // What the other removes anyway is not asked about; and with none at all everything stays.
  rig.stores.schedules.update(id, { plan: { ...plan, retention } })
  expect(await off(generous)).toMatchObject({ removals: [], onceRead: [] })
  rig.stores.schedules.remove(strict.id)
  expect(await off(generous)).toMatchObject({ removals: [], onceRead: [], kept: 3 })
})

it('a preview tells what stays for now and goes once it has been read', async () => {
  const unread = [rig.lay(disk, now - 9 * day), rig.lay(disk, now - 8 * day)]
  verified(0)
  const [record] = rig.stores.schedules.list()
  if (record === undefined) throw new Error('there is no schedule')
  const preview = await rig.schedules.preview({ ...record.plan, id: record.id })
  expect(preview).toMatchObject({ removals: [], kept: 3 })
  expect(preview.onceRead.map(({ createdAt }) => createdAt)).toEqual(
    unread.map(({ copy }) => copy.madeAt),
  )
})

/** As a job of that kind that reads the copy, from a moment on. */
function reads(
  { copy }: ReturnType<typeof verified>,
  kind: string,
  startedAt: number | null,
): void {
  const { backupId, destinationId } = copy
  const input = { backupId, destinationId }
  // Nobody goes on with it before this test is over.
  const runAt = now + 1000
  rig.stores.jobs.insert(someJob({ kind, key: `other/${kind}`, startedAt, runAt, input }), [])
}

it.each(['verify-backup', 'test-restore', 'restore-backup'])(
  'a copy that a %s is reading keeps no older one from staying',
  async (kind) => {
    const old = verified(9)
    reads(verified(0), kind, now + 1)
    expect((await done(tidyUp()))[0]).toBe('2 stay')
    expect(lies(old)).toBe(true)
  },
)

it('a copy that has just been read, or is copied on, counts', async () => {
  const old = verified(9)
  const newest = verified(0)
  reads(newest, 'verify-backup', now - 1)
  reads(newest, 'copy-backup', now + 1)
  expect((await done(tidyUp()))[0]).toBe('1 stays, 1 goes')
  expect(isGone(old)).toBe(true)
})

it('what is found damaged while others are removed lets the next one stay', async () => {
  const [older, old] = [verified(9), verified(8)]
  const newest = verified(0)
  rig.beforeOpen.push(
    () => undefined,
    () => undefined,
    () => {
      const problem = { code: 'backup_damaged', message: 'So it was read.' } as const
      rig.stores.backups.update(newest.copy.backupId, disk, { problem })
    },
  )
  const [, removed] = await done(tidyUp())
  expect([isGone(older), lies(old), lies(newest)]).toEqual([true, true, true])
  expect(removed).toContain('needed for now')
})
