import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databaseIdSchema } from '../../shared/contract/databases.ts'
import { coreOnLab, discard, expectWhole, expectDone, type CoreOnLab } from './core-on-lab.ts'

const program = fileURLToPath(new URL('./killed-in-create.ts', import.meta.url))
// After its effect a step is run again on what it has made; before it, there is nothing yet to find.
const points = [
  ['credentials', 'after'],
  ['pull', 'after'],
  ['volume', 'after'],
  ['container', 'before'],
  ['container', 'after'],
  ['ready', 'before'],
  ['ready', 'after'],
] as const

let on: CoreOnLab
beforeAll(async () => {
  on = await coreOnLab()
})
afterAll(async () => {
  await on.close()
})

/** Creates a database in a process of its own that dies by SIGKILL at that boundary. */
async function createAndDie(name: string, step: string, when: string): Promise<void> {
  await on.stop()
  const child = spawn(process.execPath, [program, on.home, on.host.id, name, step, when], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' })
}

describe('a create whose process is killed', () => {
  test.each(points)('in step %s, %s its effect: the next start finishes it', async (step, when) => {
    const name = `killed-${step}-${when}`
    await createAndDie(name, step, when)
    const core = await on.restart()
    const job = (await core.jobs.list({ limit: 1 }))[0]
    if (job === undefined) throw new Error('the job is gone')
    expect(job).toMatchObject({ title: `Create ${name}`, interrupted: true })
    core.work()
    await expectDone(core, job.id)
    const id = databaseIdSchema.parse(job.databaseId)
    await expectWhole(on, id)
    await discard(core, id, name)
  })
})
