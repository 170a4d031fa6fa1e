import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StepHook } from '../../electron/domain/jobs/run-job.ts'
import { coreOnLab, create, discard, expectWhole, finished, type CoreOnLab } from './core-on-lab.ts'

/** What goes wrong, set by each test. */
let atStep: StepHook = () => undefined
let on: CoreOnLab

beforeAll(async () => {
  on = await coreOnLab((kind, step, when) => atStep(kind, step, when))
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

const remoteSteps = ['check', 'pull', 'volume', 'container', 'ready']

describe('the link is cut', () => {
  test.each([...remoteSteps, 'credentials'])('in step %s: the create goes on', async (step) => {
    if (step === 'pull') await on.lab.fault.image.forget('h1')
    once(step, () => on.lab.fault.proxy.cut('h1'))
    const name = `cut-${step}`
    const { id, jobId } = await create(on, name)
    expect(await finished(on.core, jobId)).toMatchObject({ state: 'done' })
    await expectWhole(on, id)
    await discard(on.core, id, name)
  })
})

describe('dockerd is stopped and started', () => {
  test.each(remoteSteps)('in step %s: the create goes on', async (step) => {
    once(step, () => on.lab.fault.docker.restart('h1'))
    const name = `restart-${step}`
    const { id, jobId } = await create(on, name)
    expect(await finished(on.core, jobId)).toMatchObject({ state: 'done' })
    await expectWhole(on, id)
    await discard(on.core, id, name)
  })
})
