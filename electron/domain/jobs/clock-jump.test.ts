import { join } from 'node:path'
import * as z from 'zod'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { someJob, standingClock, temporaryFolder } from '../../adapters/sqlite/fixtures.ts'
import { openStores } from '../../adapters/sqlite/index.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { JobRecord, Stores } from '../ports.ts'
import { eraseInput, type JobDefinition } from './job-definition.ts'
import { createJobWorker, type JobWorker } from './job-worker.ts'
import { silentLog } from '../silent-log.ts'

// Two processes' workers on one store, and a clock that is set while they work.

const hour = 3600 * 1000
const jumps = [hour, -hour, 365 * 24 * hour, -365 * 24 * hour]

let folder: ReturnType<typeof temporaryFolder>
let clock: ReturnType<typeof standingClock>
let ends: (() => Promise<void>)[]

beforeEach(() => {
  folder = temporaryFolder()
  clock = standingClock()
  ends = []
})
afterEach(async () => {
  for (const end of ends) await end()
  folder[Symbol.dispose]()
})

/** One step, done by what the test gives. */
function jobBy(run: () => Promise<void>): ReadonlyMap<string, JobDefinition> {
  const definition = eraseInput({
    kind: 'start-database',
    input: z.unknown(),
    cancellable: true,
    steps: () => [{ name: 'wait', title: 'Wait' }],
    run: (_input, job) => job.effect({ name: 'wait', run }),
    undo: {},
  })
  return new Map([[definition.kind, definition]])
}

function work(run: () => Promise<void>): { stores: Stores; worker: JobWorker } {
  const stores = openStores({ file: join(folder.path, 'quayside.db'), clock })
  const publish = () => {}
  const worker = createJobWorker(
    { stores, clock, log: silentLog, publish, random: () => 0, onStep: () => {} },
    jobBy(run),
  )
  ends.push(async () => {
    await worker.stop()
    stores.close()
  })
  return { stores, worker }
}

function insert(stores: Stores): JobRecord {
  const job = someJob({ kind: 'start-database', runAt: clock.at })
  stores.jobs.insert(job, [{ name: 'wait', title: 'Wait' }])
  return job
}

test.each(jumps)('a clock set by %i ms does not take a job from who works on it', async (jump) => {
  let begun = 0
  let finish = () => {}
  const untilFinished = () => {
    begun += 1
    return new Promise<void>((resolve) => (finish = resolve))
  }
  const first = work(untilFinished)
  const second = work(untilFinished)
  const { id } = insert(first.stores)
  first.worker.takeAll()
  await expect.poll(() => begun).toBe(1)
  clock.at += jump
  for (let seconds = 0; seconds < 60; seconds += 5) {
    second.worker.takeAll()
    clock.at += 5_000
    first.stores.processes.beat()
    second.stores.processes.beat()
  }
  expect(second.worker.running()).toEqual([])
  finish()
  await expect.poll(() => first.stores.jobs.get(id)?.state).toBe('done')
  expect(begun).toBe(1)
})

test.each(jumps)('a clock set by %i ms does not keep a job waiting', async (jump) => {
  let tries = 0
  const failOnce = () => {
    tries += 1
    return tries === 1 ? Promise.reject(new QuaysideError('host_lost', 'Gone.')) : Promise.resolve()
  }
  const { stores, worker } = work(failOnce)
  const { id } = insert(stores)
  worker.takeAll()
  await expect.poll(() => stores.jobs.get(id)?.attempt).toBe(1)
  clock.at += jump
  worker.wake()
  await expect.poll(() => stores.jobs.get(id)?.state).toBe('done')
  const { startedAt, endedAt } = stores.jobs.get(id) ?? {}
  expect([startedAt, endedAt]).not.toContain(null)
})
