import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BackupCopyView, BackupId, BackupView } from '../../shared/contract/backups.ts'
import type { JobId, JobView } from '../../shared/contract/jobs.ts'
import { scheduleInputSchema } from '../../shared/contract/schedules.ts'
import { flipByte } from '../integration/flip-byte.ts'
import { backupRig, type BackupRig } from './backup-rig.ts'
import { expectDone, finished, settled, sqlOnLab } from './core-on-lab.ts'

const program = fileURLToPath(new URL('./killed-in-test-restore.ts', import.meta.url))
const name = 'test-restored'

// One story, in order: each part stands on the one before.
describe('a backup is proven by a restore that leaves nothing', { timeout: 120_000 }, () => {
  let rig: BackupRig
  let volumes = ''
  let source = ''

  const docker = async (words: string[]): Promise<string> =>
    (await rig.on.lab.docker('h1', words)).stdout.trim()
  const volumesNow = (): Promise<string> => docker(['volume', 'ls', '-q'])
  /** The container of the database as it runs, and what is in it. */
  const sourceNow = async (): Promise<string> => {
    const words = ['inspect', '-f', '{{.Id}} {{.State.StartedAt}} {{.RestartCount}}']
    const label = `label=io.quayside.database.id=${rig.databaseId}`
    const container = await docker(['ps', '-q', '--filter', label])
    const rows = await sqlOnLab(rig.on, rig.databaseId, 'SELECT count(*) FROM noise')
    const databases = await sqlOnLab(rig.on, rig.databaseId, 'SELECT count(*) FROM pg_database')
    return [await docker([...words, container]), rows, databases].join(' ')
  }
  const newest = async (): Promise<{ backup: BackupView; copy: BackupCopyView }> => {
    const [backup] = await rig.on.core.backups.list({ databaseId: rig.databaseId })
    const copy = backup?.copies[0]
    if (backup === undefined || copy === undefined) throw new Error('there is no backup')
    return { backup, copy }
  }
  const test = async (id: BackupId): Promise<JobId> => {
    const { destinationId } = rig
    return (await rig.on.core.backups.testRestore({ id, destinationId })).jobId
  }
  const tests = (jobs: readonly JobView[]) => jobs.filter(({ kind }) => kind === 'test-restore')
  const expectNothingLeft = async (): Promise<void> => {
    await rig.expectNoTask()
    expect(await volumesNow()).toBe(volumes)
    expect(await sourceNow()).toBe(source)
  }

  beforeAll(async () => {
    // As in the window: what moves many bytes runs in a thread of its own.
    rig = await backupRig(name, {
      heavyModule: new URL('../../electron/heavy-thread.ts', import.meta.url),
    })
    volumes = await volumesNow()
    source = await sourceNow()
  }, 120_000)
  afterAll(() => rig.close(), 120_000)

  it('after the first backup of a schedule that wants it, and not again with the next', async () => {
    const { core } = rig.on
    expect(await core.backups.freshness({})).toMatchObject([{ provenAt: null, unproven: null }])
    const { id } = await core.schedules.create(
      scheduleInputSchema.parse({
        name: 'nightly',
        scope: { kind: 'rule' },
        cron: '30 3 * * *',
        timeZone: 'UTC',
        destinationIds: [rig.destinationId],
        encrypt: false,
        jitterSeconds: 0,
        retention: { last: 5 },
        testRestore: 'weekly',
      }),
    )
    const began = Date.now()
    const { jobIds } = await core.schedules.runNow({ id })
    for (const each of jobIds) await expectDone(core, each)
    const seen: number[] = []
    await expect
      .poll(
        async () => {
          seen.push((await core.databases.list({})).length)
          return tests(await core.jobs.list({ limit: 20 }))[0]?.state
        },
        { timeout: 60_000, interval: 200 },
      )
      .toBe('done')
    expect(new Set(seen)).toEqual(new Set([1]))
    const [job] = tests(await settled(core))
    expect(job?.steps.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done'])
    expect(job?.steps.find((step) => step.name === 'restore')?.fact).toMatch(/40,000 rows/)
    const { backup, copy } = await newest()
    expect(copy.problem).toBeNull()
    expect(copy.restoredAt).toBeGreaterThanOrEqual(began)
    expect(await core.backups.freshness({})).toMatchObject([
      { provenAt: copy.restoredAt, unproven: null },
    ])
    await expectNothingLeft()

    await new Promise((resolve) => setTimeout(resolve, 1_050))
    for (const each of (await core.schedules.runNow({ id })).jobIds) await expectDone(core, each)
    expect(tests(await settled(core))).toHaveLength(1)
    expect((await newest()).copy.restoredAt).toBeNull()
    await core.schedules.remove({ id })
    // As retention would: it was proven all the same.
    await core.backups.remove({
      id: backup.id,
      destinationId: rig.destinationId,
      confirmName: name,
    })
    expect(await core.backups.freshness({})).toMatchObject([{ provenAt: copy.restoredAt }])
  })

  it('killed with its server filled, and cancelled at the next start: nothing stays of either', async () => {
    const { backup } = await newest()
    await rig.on.stop()
    const request = JSON.stringify({ id: backup.id, destinationId: rig.destinationId })
    const words = [program, rig.on.home, request]
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] })
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
    expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' })
    const left = await docker(['ps', '-q', '--filter', 'name=quayside-test-restore-'])
    expect(left).not.toBe('')
    // Whoever finds it can't log in from anywhere: it has no port, and no network.
    const inspect = ['inspect', '-f', '{{.HostConfig.NetworkMode}} {{json .NetworkSettings.Ports}}']
    expect(await docker([...inspect, left])).toBe('none {}')

    const core = await rig.on.restart()
    const underWay = new Promise<JobId>((resolve) => {
      const stop = core.onEvent((event) => {
        if (event.type !== 'job-progress' || event.progress.step !== 'restore') return
        if ((event.progress.bytes ?? 0) === 0) return
        stop()
        resolve(event.progress.jobId)
      })
    })
    core.work()
    const id = await underWay
    expect(await docker(['ps', '-q', '--filter', `id=${left}`])).toBe('')
    await core.jobs.cancel({ id })
    expect(await finished(core, id)).toMatchObject({ kind: 'test-restore', state: 'cancelled' })
    expect((await newest()).copy.restoredAt).toBeNull()
    await expectNothingLeft()
  })

  it.each([
    // What is left is less than the server needs, or what is still on its way.
    ['before its server is made', 'Starting a throw-away server', 12_000_000],
    ['while the dump is sent', null, 1_000_000],
  ])('the disk full %s: it says so, nothing stays, the copy is as it was', async (_, at, spare) => {
    const { core, lab } = rig.on
    const { backup, copy } = await newest()
    if (at === null) await lab.fault.proxy.rate('h1', 2_000_000)
    const filled = new Promise<void>((resolve, reject) => {
      const stop = core.onEvent((event) => {
        if (event.type !== 'job-progress' || event.progress.step !== 'restore') return
        const { text, bytes } = event.progress
        if (at === null ? (bytes ?? 0) < 500_000 : text !== at) return
        stop()
        lab.fault.disk.fill('h1', spare).then(resolve, reject)
      })
    })
    const jobId = await test(backup.id)
    const { state, error, steps } = await finished(core, jobId)
    await filled
    await lab.fault.clear()
    const failed = steps.find((step) => step.state === 'failed')?.name
    expect({ state, code: error?.code, failed }).toEqual({
      state: 'failed',
      code: 'disk_full',
      failed: 'restore',
    })
    expect(error?.message).toMatch(/host/)
    expect(error?.hint).toMatch(/^Free space there/)
    expect((await newest()).copy).toEqual(copy)
    expect(copy).toMatchObject({ restoredAt: null, problem: null })
    expect(await core.backups.freshness({})).toMatchObject([{ unproven: { jobId } }])
    await expectNothingLeft()
  })

  it('the same test, retried once there is room, proves it', async () => {
    const { core } = rig.on
    const [last] = tests(await settled(core))
    if (last === undefined) throw new Error('there was no test')
    await core.jobs.retry({ id: last.id })
    await expectDone(core, last.id)
    expect((await newest()).copy).toMatchObject({
      problem: null,
      restoredAt: expect.any(Number) as number,
    })
    expect(await core.backups.freshness({})).toMatchObject([{ unproven: null }])
    await expectNothingLeft()
  })

  it('damaged: it fails with the reason, and is not called restored', async () => {
    const { core } = rig.on
    const { backup, copy } = await newest()
    await flipByte(join(rig.folder, copy.name))
    const jobId = await test(backup.id)
    const { state, error, steps } = await finished(core, jobId)
    const failed = steps.find((step) => step.state === 'failed')?.name
    expect({ state, code: error?.code, failed }).toEqual({
      state: 'failed',
      code: 'backup_damaged',
      failed: 'restore',
    })
    expect((await newest()).copy).toMatchObject({
      restoredAt: copy.restoredAt,
      problem: { code: 'backup_damaged' },
    })
    expect(await core.backups.freshness({})).toMatchObject([{ unproven: { jobId } }])
    await expectNothingLeft()
  })
})
