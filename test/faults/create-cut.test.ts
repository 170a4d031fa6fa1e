import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StepHook } from '../../electron/domain/jobs/run-job.ts'
import {
  coreOnLab,
  create,
  discard,
  expectWhole,
  expectDone,
  type CoreOnLab,
} from './core-on-lab.ts'

/** What goes wrong, set by each test. */
let atStep: StepHook = () => undefined
let on: CoreOnLab

beforeAll(async () => {
  on = await coreOnLab({ onStep: (kind, step, when) => atStep(kind, step, when) })
})
afterAll(async () => {
  await on.close()
})

/** A create in whose steps this goes wrong as they begin, one after another: it goes on each time. */
async function createThrough(
  name: string,
  faults: [step: string, fault: () => Promise<unknown>][],
): Promise<void> {
  const left = [...faults]
  atStep = async (_kind, step, when) => {
    if (when !== 'before' || left[0]?.[0] !== step) return
    await left.shift()?.[1]()
  }
  const { id, jobId } = await create(on, name)
  await expectDone(on.core, jobId, 180_000)
  expect(left).toEqual([])
  await expectWhole(on, id)
  await discard(on.core, id, name)
}

describe('a create goes on', () => {
  test('when the link is cut in one step after another', async () => {
    await on.lab.fault.image.forget('h1')
    const cut = () => on.lab.fault.proxy.cut('h1')
    // Of two steps that only ask Docker something short, one tells what there is to tell.
    await createThrough('cut', [
      ['credentials', cut],
      ['pull', cut],
      ['container', cut],
      ['ready', cut],
    ])
  }, 240_000)

  test('when dockerd is stopped, and when it crashes', async () => {
    const { docker } = on.lab.fault
    const stopped = () => docker.stop('h1').then(() => docker.start('h1'))
    const killed = () => docker.kill('h1').then(() => docker.start('h1'))
    // Not in the last step: a server in its first start does not hear that it shall stop, and the
    // daemon waits out the minute it is given.
    await createThrough('stopped', [
      ['pull', stopped],
      ['volume', stopped],
      ['container', killed],
    ])
  }, 240_000)
})
