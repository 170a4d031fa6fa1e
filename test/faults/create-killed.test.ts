import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import type { JobId } from '../../shared/contract/jobs.ts'
import {
  coreOnLab,
  create,
  discard,
  expectDone,
  expectWhole,
  type CoreOnLab,
} from './core-on-lab.ts'
import { dieAt } from './die-at.ts'

const name = 'killed'
let on: CoreOnLab
let made: { id: DatabaseId; jobId: JobId }

beforeAll(async () => {
  on = await coreOnLab()
  made = await create(on, name)
})
afterAll(async () => {
  await on.close()
})

// One create, whose process is killed again and again: each next one takes up what the last has left.
describe('a create whose process is killed', () => {
  test.each([
    // After its effect a step is run again on what it has made; before it, there is nothing yet to find.
    ['credentials', 'after'],
    ['pull', 'after'],
    ['volume', 'after'],
    ['container', 'before'],
    ['container', 'after'],
    ['ready', 'before'],
    ['ready', 'after'],
  ])('in step %s, %s its effect: its job still has it', async (step, when) => {
    await dieAt(on, made.jobId, `${step} ${when}`)
    const record = (await on.core.databases.list({})).find(({ id }) => id === made.id)
    expect(record).toMatchObject({ jobId: made.jobId })
  })

  test('is finished by the next start: one of everything is there', async () => {
    on.core.work()
    await expectDone(on.core, made.jobId)
    await expectWhole(on, made.id)
    await discard(on.core, made.id, name)
  })
})
