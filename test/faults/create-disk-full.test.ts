import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StepHook } from '../../electron/domain/jobs/run-job.ts'
import {
  coreOnLab,
  create,
  discard,
  expectDone,
  expectNothing,
  expectWhole,
  finished,
  type CoreOnLab,
} from './core-on-lab.ts'

// The disk of the host, a small real one, is full when the database is to be made.

let atStep: StepHook = () => undefined
let on: CoreOnLab

beforeAll(async () => {
  on = await coreOnLab({ onStep: (kind, step, when) => atStep(kind, step, when) })
})
afterAll(async () => {
  await on.lab.fault.clear()
  await on.close()
})

test.each([
  ['in the middle of initdb', 'container', 12 * 1024 * 1024],
  ['to the last byte', 'volume', undefined],
] as const)(
  'full %s: it says so, nothing stays, and the same create succeeds once there is space',
  async (_when, named, spare) => {
    const name = `full-${named}`
    atStep = async (_kind, step, when) => {
      if (step === named && when === 'before') await on.lab.fault.disk.fill('h1', spare)
    }
    const { id, jobId } = await create(on, name)
    const { state, error } = await finished(on.core, jobId)
    expect({ state, code: error?.code }).toEqual({ state: 'failed', code: 'disk_full' })
    expect(error?.message).toMatch(/disk of the host is full/i)
    expect(error?.hint).toMatch(/free space/i)
    await expectNothing(on, id)

    atStep = () => undefined
    await on.lab.fault.disk.free('h1')
    await on.core.jobs.retry({ id: jobId })
    await expectDone(on.core, jobId)
    await expectWhole(on, id)
    await discard(on.core, id, name)
  },
)
