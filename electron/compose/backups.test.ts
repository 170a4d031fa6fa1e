import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DestinationId } from '../../shared/contract/destinations.ts'
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
    ...{ databaseId: rig.database.id, destinationIds: [disk], codec: 'zstd', encrypt: false },
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
