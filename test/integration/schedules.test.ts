import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStores } from '../../electron/adapters/sqlite/index.ts'
import type { StepHook } from '../../electron/domain/jobs/run-job.ts'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import type { DestinationId } from '../../shared/contract/destinations.ts'
import type { JobView } from '../../shared/contract/jobs.ts'
import type { ScheduleId } from '../../shared/contract/schedules.ts'
import { coreOnLab, create, discard, expectDone, type CoreOnLab } from '../faults/core-on-lab.ts'
import { freshName } from './docker-bench.ts'
import { clock } from './ssh-connector.ts'

const hour = 3_600_000

// One story, in order: each part stands on the one before.
describe('a schedule of backups', { timeout: 120_000 }, () => {
  const name = freshName('sched')
  let on: CoreOnLab
  let folder = ''
  let databaseId: DatabaseId
  let destinationId: DestinationId
  let id: ScheduleId
  let atStep: StepHook = () => undefined

  const plan = () => ({
    name: 'often',
    scope: { kind: 'rule', nameContains: name } as const,
    cron: '0 0 1 1 *',
    timeZone: 'Europe/Berlin',
    jitterSeconds: 0,
    destinationIds: [destinationId],
    codec: 'zstd' as const,
    encrypt: false,
    enabled: true,
    retention: { last: 2, hourly: 0, daily: 0, weekly: 0, monthly: 0, maxBytes: null },
    testRestore: 'never' as const,
  })
  const jobs = () => on.core.jobs.list({ limit: 100 })
  /** Until nothing is left to do: one job of a backup's life enqueues the next. */
  const settled = async (): Promise<JobView[]> => {
    for (;;) {
      const all = await jobs()
      const active = all.find(({ state }) => state === 'waiting' || state === 'running')
      if (active === undefined) return all
      await expectDone(on.core, active.id)
    }
  }
  const dumps = async (): Promise<string[]> =>
    (await readdir(folder, { recursive: true })).filter((file) => file.includes('.dump'))
  const tidied = (all: JobView[]) => all.find(({ kind }) => kind === 'apply-retention')

  beforeAll(async () => {
    on = await coreOnLab({ onStep: (kind, step, when) => atStep(kind, step, when) })
    // The lab's keychain may have a recovery key that another test has saved.
    await on.core.secrets.createVault({ passphrase: 'a vault of this test alone' })
    on.core.work()
    folder = await mkdtemp(join(tmpdir(), 'quayside-schedule-'))
    const made = await create(on, name)
    databaseId = made.id
    await expectDone(on.core, made.jobId)
    const config = { folder }
    const kind = 'local-folder'
    const place = await on.core.destinations.add({ name: 'near', kind, config, secrets: {} })
    destinationId = place.id
  }, 120_000)
  afterAll(async () => {
    await discard(on.core, databaseId, name)
    await on.close()
    await rm(folder, { recursive: true, force: true })
  }, 60_000)

  it('is refused where it could never run', async () => {
    const { schedules } = on.core
    const refused = (change: object) => schedules.create({ ...plan(), ...change })
    await expect(refused({ cron: '0 0 30 2 *' })).rejects.toMatchObject({ field: 'cron' })
    await expect(refused({ timeZone: 'Mars/Olympus' })).rejects.toMatchObject({ field: 'timeZone' })
    await expect(refused({ encrypt: true })).rejects.toMatchObject({
      code: 'recovery_key_unsaved',
      field: 'encrypt',
    })
    await expect(refused({ destinationIds: [databaseId] })).rejects.toMatchObject({
      code: 'not_found',
      field: 'destinationIds',
    })
    expect(await schedules.list({})).toEqual([])
  })

  it('is tried out before it is saved', async () => {
    const preview = await on.core.schedules.preview(plan())
    expect(preview).toMatchObject({ databaseIds: [databaseId], removals: [], kept: 0 })
    expect(preview.nextRuns).toHaveLength(5)
  })

  it('makes the backups of all that it takes in, when it is due, and once', async () => {
    ;({ id } = await on.core.schedules.create(plan()))
    expect(on.core.runDueSchedules()).toEqual([])
    const stores = openStores({ file: join(on.home, 'quayside.sqlite'), clock })
    stores.schedules.update(id, { nextRunAt: Date.now() - 400 * 24 * hour })
    stores.close()
    atStep = async (_kind, step, when) => {
      if (step === 'dump' && when === 'before') await pause(1_100)
    }
    expect(on.core.runDueSchedules()).toHaveLength(1)
    expect(on.core.runDueSchedules()).toEqual([])
    const all = await settled()
    atStep = () => undefined
    expect(tidied(all)?.steps[0]?.fact).toBe('1 stays')
    const steps = all.find(({ kind }) => kind === 'create-backup')?.steps
    const dump = steps?.find((step) => step.name === 'dump')
    // Its moment is that of the snapshot, by the second, and not that in which it was asked for.
    const [made] = await on.core.backups.list({ databaseId })
    expect(made?.createdAt).toBeGreaterThan(dump?.startedAt ?? Infinity)
    expect(made?.createdAt).toBeLessThan(dump?.endedAt ?? 0)
    const [schedule] = await on.core.schedules.list({})
    expect(schedule).toMatchObject({ id, missed: 1, databaseIds: [databaseId] })
    expect(schedule?.nextRunAt).toBeGreaterThan(Date.now())
    expect(await on.core.backups.freshness({})).toMatchObject([
      { databaseId, late: [], nextRunAt: schedule?.nextRunAt, newest: { verified: true } },
    ])
  })

  it('never makes two at once of one database', async () => {
    const first = await on.core.schedules.runNow({ id })
    expect(await on.core.schedules.runNow({ id })).toEqual(first)
    await settled()
    expect(await dumps()).toHaveLength(2)
  })

  it('shows what a stricter retention would remove', async () => {
    const strict = { ...plan(), retention: { ...plan().retention, last: 1 } }
    const [older] = (await dumps()).toSorted()
    // As long as the schedule as it is keeps two, another one beside it removes nothing.
    expect(await on.core.schedules.preview(strict)).toMatchObject({ removals: [], kept: 2 })
    expect(await on.core.schedules.preview({ ...strict, id })).toMatchObject({
      removals: [{ databaseName: name, destinationId, name: older }],
      kept: 1,
    })
  })

  it('leaves a backup alone that is being restored, and the restore comes to its end', async () => {
    const restored = `${name}-back`
    const [oldest] = (await on.core.backups.list({ databaseId })).toReversed()
    if (oldest === undefined) throw new Error('there is no backup')
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const reached = new Promise<void>((resolve) => {
      atStep = (kind, step, when) => {
        if (kind !== 'restore-backup' || step !== 'restore' || when !== 'before') return
        resolve()
        return held
      }
    })
    const target = { kind: 'new', hostId: on.host.id, name: restored } as const
    const { databaseId: backId, jobId } = await on.core.restores.start({
      backupId: oldest.id,
      destinationId,
      target: { ...target, environment: 'development' },
    })
    await reached
    await on.core.schedules.runNow({ id })
    const told = async () => tidied(await jobs())?.steps[0]?.fact
    await expect.poll(told, { timeout: 30_000 }).toBe('3 stay')
    release()
    await expectDone(on.core, jobId)
    expect(await dumps()).toHaveLength(3)
    await settled()
    await discard(on.core, backId, restored)
  })

  it('removes what it no longer keeps, tells what and why, and takes leftovers away', async () => {
    const [oldest = ''] = (await dumps()).toSorted()
    const leftover = join(folder, oldest.replace(/-\d{8}-\d{6}/, '-20200101-000000'))
    await writeFile(leftover, 'half a dump')
    const long = new Date(Date.now() - 48 * hour)
    await utimes(leftover, long, long)
    await on.core.schedules.runNow({ id })
    const facts = tidied(await settled())?.steps.map(({ fact }) => fact)
    expect(facts).toEqual([
      '2 stay, 2 go',
      expect.stringMatching(new RegExp(`^${oldest}, \\S+ removed`)),
      '1 leftover',
    ])
    expect(await dumps()).toHaveLength(2)
    expect(await dumps()).not.toContain(oldest)
  })

  it('removes nothing that was never read back here, as after the destination was added anew', async () => {
    await on.core.destinations.remove({ id: destinationId, confirmName: 'near' })
    const config = { folder }
    const kind = 'local-folder'
    const again = await on.core.destinations.add({ name: 'near', kind, config, secrets: {} })
    destinationId = again.id
    const strict = { ...plan(), retention: { ...plan().retention, last: 1 } }
    await on.core.schedules.update({ id, change: strict })
    await on.core.schedules.runNow({ id })
    expect(tidied(await settled())?.steps[0]?.fact).toBe('3 stay, 2 of them never read back')
    expect(await dumps()).toHaveLength(3)
    // They have been read by now: the next time they go.
    await on.core.schedules.runNow({ id })
    await settled()
    expect(await dumps()).toHaveLength(1)
  })

  it('waits where everyone sees it when its destination is away, and touches nothing', async () => {
    await rm(folder, { recursive: true })
    const { jobIds } = await on.core.schedules.runNow({ id })
    const [jobId] = jobIds
    if (jobId === undefined) throw new Error('no job was started')
    const seen = async () => {
      const { state, error } = await on.core.jobs.get({ id: jobId })
      return { state, code: error?.code }
    }
    await expect
      .poll(seen, { timeout: 30_000 })
      .toEqual({ state: 'waiting', code: 'destination_unreachable' })
    await on.core.jobs.cancel({ id: jobId })
    expect((await on.core.waitForJob(jobId)).state).toBe('cancelled')
    await mkdir(folder)
  })

  it('is gone when it is removed; its backups stay', async () => {
    await on.core.schedules.remove({ id })
    expect(await on.core.schedules.list({})).toEqual([])
    expect((await on.core.backups.list({ databaseId })).length).toBeGreaterThan(0)
    expect(await on.core.backups.freshness({})).toMatchObject([{ nextRunAt: null, late: [] }])
  })
})
