import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { backupRig, type BackupRig } from './backup-rig.ts'
import { expectDone, finished } from './core-on-lab.ts'

// As in the window: what moves many bytes runs in a thread of its own, on the same data.

const here: string[] = []
let rig: BackupRig

beforeAll(async () => {
  rig = await backupRig('backup-in-thread', {
    heavyModule: new URL('../../electron/heavy-thread.ts', import.meta.url),
    onStep: (kind) => void here.push(kind),
  })
}, 120_000)
afterEach(() => rig.on.lab.fault.clear())
afterAll(() => rig.close(), 120_000)

test('a backup is made there with the keychain of here, and tells its progress', async () => {
  const running: string[] = []
  const happened = rig.whenUnderWay(() => {
    running.push(...rig.on.core.runningJobs().map(({ kind }) => kind))
  })
  const started = await rig.start({ encrypt: true })
  await happened
  await expectDone(rig.on.core, started.jobId)
  await rig.expectWhole(started)
  expect(running).toEqual(['create-backup'])
  expect(here).toContain('create-database')
  expect(here).not.toContain('create-backup')
})

test('it is cancelled from here: nothing stays', async () => {
  const { core } = rig.on
  const happened = rig.whenUnderWay(async () => {
    const [job] = core.runningJobs()
    if (job !== undefined) await core.jobs.cancel({ id: job.id })
  })
  const started = await rig.start()
  await happened
  expect(await finished(core, started.jobId)).toMatchObject({ state: 'cancelled', error: null })
  await rig.expectNothing(started)
})

test('the program is closed meanwhile: the next start makes it', async () => {
  const happened = rig.whenUnderWay(() => rig.on.stop())
  const started = await rig.start({ encrypt: true })
  await happened
  const core = await rig.on.restart()
  expect(await core.jobs.get({ id: started.jobId })).toMatchObject({ state: 'waiting' })
  core.work()
  await expectDone(core, started.jobId)
  await rig.expectWhole(started)
})
