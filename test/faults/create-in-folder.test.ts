import { randomUUID } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StepHook } from '../../electron/domain/jobs/run-job.ts'
import { coreOnLab, create, expectNothing, finished, type CoreOnLab } from './core-on-lab.ts'

// A lab host shares the machine's files, so what is left there can be looked at from here.
let atStep: StepHook = () => undefined
let on: CoreOnLab
let directory = ''

beforeAll(async () => {
  on = await coreOnLab({ onStep: (kind, step, when) => atStep(kind, step, when) })
  const socket = on.lab.hosts[0]?.dockerSocket ?? ''
  directory = join(dirname(socket), `folders-${randomUUID().slice(0, 8)}`)
  await on.core.hosts.update({ id: on.host.id, dataDirectory: directory })
})
afterAll(async () => {
  await on.close()
  await rm(directory, { recursive: true, force: true })
})

async function tasksLeft(): Promise<string> {
  const filter = ['--filter', 'label=io.quayside.task']
  return (await on.lab.docker('h1', ['ps', '-aq', ...filter])).stdout
}

test('a create that is cancelled once it has data takes its folder back', async () => {
  const started = new Promise<void>((resolve) => {
    atStep = (_kind, step, when) => {
      if (step === 'container' && when === 'after') resolve()
    }
  })
  const { id, jobId } = await create(on, 'in-folder-cancelled')
  await started
  await on.core.jobs.cancel({ id: jobId })
  expect(await finished(on.core, jobId)).toMatchObject({ state: 'cancelled' })
  await expectNothing(on, id)
  expect(await readdir(directory)).toEqual([])
  expect(await tasksLeft()).toBe('')
}, 120_000)
