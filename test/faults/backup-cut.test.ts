import { readdir, writeFile } from 'node:fs/promises'
import { join, parse } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { StepHook } from '../../electron/domain/jobs/run-job.ts'
import { expectDone, finished } from './core-on-lab.ts'
import { backupRig, type BackupRig } from './backup-rig.ts'
import { atRest, dieAt } from './die-at.ts'

// What breaks the way to the host, or this program, while a backup is made.

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
  // One backup, whose process is killed again and again: each next one takes up what the last has left.
  test.each([
    ['lz4', true, ['look after', 'dump before', 'dump amid', 'manifest before', 'manifest after']],
    ['gzip', false, ['dump before', 'dump amid', 'manifest before']],
  ] as const)(
    '(%s, encrypted: %s) %j: the last start finishes it',
    async (codec, encrypt, points) => {
      const { on, databaseId, destinationId } = rig
      const { backups } = await atRest(on)
      const destinationIds = [destinationId]
      const made = await backups.create({ databaseId, destinationIds, codec, encrypt })
      for (const point of points) {
        const [step = '', when = ''] = point.split(' ')
        if (when === 'amid') await on.lab.fault.proxy.rate('h1', 3_000_000)
        await dieAt(on, made.jobId, step, when)
        await on.lab.fault.clear()
        if (point === 'manifest before') await leavePart()
      }
      on.core.work()
      await expectDone(on.core, made.jobId)
      await rig.expectWhole(made)
    },
  )
})
