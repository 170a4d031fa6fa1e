import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, writeFile } from 'node:fs/promises'
import { join, parse } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { StepHook } from '../../electron/domain/jobs/run-job.ts'
import { backupIdSchema } from '../../shared/contract/backups.ts'
import { expectDone, finished } from './core-on-lab.ts'
import { backupRig, type BackupRig } from './backup-rig.ts'

// What breaks the way to the host, or this program, while a backup is made.

const program = fileURLToPath(new URL('./killed-in-backup.ts', import.meta.url))
let atStep: StepHook = () => undefined
let rig: BackupRig

beforeAll(async () => {
  rig = await backupRig('backup-cut', {
    onStep: (kind, step, when) => atStep(kind, step, when),
  })
}, 120_000)
afterEach(async () => {
  atStep = () => undefined
  await rig.on.lab.fault.clear()
})
afterAll(() => rig.close(), 120_000)

/** Lets something go wrong once, at that boundary of a backup's step. */
function onceAt(named: string, moment: 'before' | 'after', fault: () => Promise<unknown>): void {
  let happened = false
  atStep = async (kind, step, when) => {
    if (kind !== 'create-backup' || step !== named || when !== moment || happened) return
    happened = true
    await fault()
  }
}

/** The same action, after it failed: now it succeeds. */
async function again(): Promise<void> {
  const next = await rig.start()
  await expectDone(rig.on.core, next.jobId)
  await rig.expectWhole(next)
}

describe('the link is cut', () => {
  test.each([
    ['before the dump', 'dump', 'before'],
    ['after its last byte', 'dump', 'after'],
  ] as const)('%s: it goes on by itself', async (_when, step, moment) => {
    onceAt(step, moment, () => rig.on.lab.fault.proxy.cut('h1'))
    const started = await rig.start({ encrypt: moment === 'before' })
    await expectDone(rig.on.core, started.jobId, 120_000)
    await rig.expectWhole(started)
  })

  test.each([
    ['none', false],
    ['gzip', true],
    ['zstd', true],
    ['lz4', false],
  ] as const)('amid a dump (%s, encrypted: %s): it begins anew', async (codec, encrypt) => {
    const happened = rig.whenUnderWay(() => rig.on.lab.fault.proxy.cut('h1'))
    const started = await rig.start({ codec, encrypt })
    await happened
    await expectDone(rig.on.core, started.jobId, 120_000)
    await rig.expectWhole(started)
  })

  test('amid a dump, which is then cancelled: nothing stays', async () => {
    const happened = rig.whenUnderWay(() => rig.on.lab.fault.proxy.cut('h1'))
    const started = await rig.start()
    await happened
    await rig.on.core.jobs.cancel({ id: started.jobId })
    expect(await finished(rig.on.core, started.jobId)).toMatchObject({ state: 'cancelled' })
    await rig.expectNothing(started)
    await again()
  })
})

test('cancelled amid a dump: nothing stays', async () => {
  const { core } = rig.on
  const happened = rig.whenUnderWay(async () => {
    const [newest] = await core.jobs.list({ limit: 1 })
    if (newest !== undefined) await core.jobs.cancel({ id: newest.id })
  })
  const started = await rig.start({ encrypt: true })
  await happened
  expect(await finished(core, started.jobId)).toMatchObject({ state: 'cancelled', error: null })
  await rig.expectNothing(started)
  await again()
})

test('the link stalls amid a dump: it is noticed, and goes on once bytes pass again', async () => {
  const { core, lab } = rig.on
  const happened = rig.whenUnderWay(() => lab.fault.proxy.stall('h1'), { mend: false })
  const started = await rig.start({ encrypt: true })
  await happened
  const state = async () => (await core.hosts.list({}))[0]?.status.state
  await expect.poll(state, { timeout: 90_000, interval: 200 }).not.toBe('ready')
  await lab.fault.proxy.clear('h1')
  await expectDone(core, started.jobId, 120_000)
  await rig.expectWhole(started)
}, 240_000)

/** As of a kill while the manifest of the newest dump is written, which takes too short to meet it. */
async function leavePart(): Promise<void> {
  const files = await readdir(rig.folder, { recursive: true })
  const dumps = files.filter((file) => /\.dump/.test(file)).toSorted()
  const { dir, base } = parse(dumps.at(-1) ?? '')
  const name = `.${base.replace(/\.dump.*/, '')}.manifest.json.0a1b2c3d.part`
  await writeFile(join(rig.folder, dir, name), '{')
}

describe('this program is killed', () => {
  test.each([
    ['look', 'after', 'none', true],
    ['dump', 'before', 'gzip', false],
    ['dump', 'amid', 'lz4', true],
    ['manifest', 'before', 'zstd', true],
    ['manifest', 'after', 'lz4', false],
  ])('in step %s, %s (%s): the next start finishes it', async (step, when, codec, encrypt) => {
    const { on, databaseId, destinationId } = rig
    await on.stop()
    if (when === 'amid') await on.lab.fault.proxy.rate('h1', 3_000_000)
    const request = {
      ...{ databaseId, destinationIds: [destinationId], codec, encrypt },
    }
    const child = spawn(process.execPath, [program, on.home, JSON.stringify(request), step, when], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
    expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' })
    await on.lab.fault.clear()
    if (step === 'manifest' && when === 'before') await leavePart()
    const core = await on.restart()
    // With the manifest's step the next job of its life has begun: the newest need not be the one.
    const job = (await core.jobs.list({ limit: 5 })).find(({ kind }) => kind === 'create-backup')
    if (job === undefined) throw new Error('the job is gone')
    expect(job.interrupted).toBe(true)
    core.work()
    await expectDone(core, job.id)
    const newest = (await core.backups.list({ databaseId }))[0]
    await rig.expectWhole({ id: backupIdSchema.parse(newest?.id), jobId: job.id })
  })
})
