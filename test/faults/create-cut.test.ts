import { afterAll, beforeAll, describe, test } from 'vitest'
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

/** Lets something go wrong once, as the named step of a create begins. */
function once(named: string, fault: () => Promise<unknown>): void {
  let happened = false
  atStep = async (_kind, step, when) => {
    if (step !== named || when !== 'before' || happened) return
    happened = true
    await fault()
  }
}

// Of two steps that only ask Docker something short, one tells what there is to tell.
const cutSteps = ['pull', 'container', 'ready', 'credentials']

describe('the link is cut', () => {
  test.each(cutSteps)(
    'in step %s: the create goes on',
    async (step) => {
      if (step === 'pull') await on.lab.fault.image.forget('h1')
      once(step, () => on.lab.fault.proxy.cut('h1'))
      const name = `cut-${step}`
      const { id, jobId } = await create(on, name)
      await expectDone(on.core, jobId, 180_000)
      await expectWhole(on, id)
      await discard(on.core, id, name)
    },
    240_000,
  )
})

describe('dockerd is stopped and started', () => {
  // Not in the last step: a server in its first start does not hear that it shall stop, and the daemon
  // waits out the minute it is given.
  const stops = {
    asked: () => on.lab.fault.docker.stop('h1'),
    killed: () => on.lab.fault.docker.kill('h1'),
  }
  test.each([
    ['pull', 'asked'],
    ['container', 'asked'],
    ['container', 'killed'],
  ] as const)(
    'in step %s, %s: the create goes on',
    async (step, how) => {
      once(step, async () => {
        await stops[how]()
        await on.lab.fault.docker.start('h1')
      })
      const name = `stop-${step}-${how}`
      const { id, jobId } = await create(on, name)
      await expectDone(on.core, jobId, 180_000)
      await expectWhole(on, id)
      await discard(on.core, id, name)
    },
    240_000,
  )
})
