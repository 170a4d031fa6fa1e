import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import * as z from 'zod'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openConnection } from '../../adapters/sqlite/connection.ts'
import { someJob, standingClock, temporaryFolder } from '../../adapters/sqlite/fixtures.ts'
import { openStores } from '../../adapters/sqlite/index.ts'
import { onceFree } from '../once-free.ts'
import type { Stores } from '../ports.ts'
import { eraseInput } from './job-definition.ts'
import { createJobWorker, type JobWorker } from './job-worker.ts'

// Another program holds the data file while this process works.

const busyMs = 20
let folder: ReturnType<typeof temporaryFolder>
let stores: Stores
let worker: JobWorker
let warnings: string[]
/** Lets the job end that waits now. */
let goOn: (() => void) | null
const clock = standingClock()

/** Locks the file as a program that writes does; returns the way to let go of it. */
function hold(): () => void {
  const other = openConnection({ file: join(folder.path, 'quayside.db'), busyMs: 5_000 })
  other.exec('BEGIN IMMEDIATE')
  return () => {
    other.exec('ROLLBACK')
    other.close()
  }
}

beforeEach(() => {
  folder = temporaryFolder()
  warnings = []
  goOn = null
  stores = openStores({ file: join(folder.path, 'quayside.db'), clock, busyMs })
  const log = { info() {}, warn: (message: string) => void warnings.push(message), error() {} }
  const definition = eraseInput({
    kind: 'start-database',
    input: z.unknown(),
    cancellable: true,
    steps: () => [{ name: 'wait', title: 'Wait' }],
    run: (_input, job) =>
      job.effect({
        name: 'wait',
        run: async (step) => {
          await new Promise<void>((resolve) => (goOn = resolve))
          step.fact('It came back.')
        },
      }),
    undo: {},
  })
  worker = createJobWorker(
    { stores, clock, log, publish() {}, random: () => 0, onStep() {} },
    new Map([[definition.kind, definition]]),
  )
})
afterEach(async () => {
  await worker.stop()
  stores.close()
  folder[Symbol.dispose]()
})

test('a job waits for the file, says all it did, and no thread stands still meanwhile', async () => {
  const job = someJob({ kind: 'start-database' })
  stores.jobs.insert(job, [{ name: 'wait', title: 'Wait' }])
  worker.takeAll()
  await expect.poll(() => stores.jobs.steps(job.id)[0]?.state).toBe('running')
  const letGo = hold()
  goOn?.()
  const before = performance.now()
  await pause(0)
  worker.wake()
  await pause(1)
  // Two writes have been tried by now, each for a moment; five seconds would be the usual wait.
  expect(performance.now() - before).toBeLessThan(1_500)
  await pause(300)
  expect(stores.jobs.get(job.id)?.state).toBe('running')
  letGo()
  await expect.poll(() => stores.jobs.get(job.id)).toMatchObject({ state: 'done', owner: null })
  expect(stores.jobs.steps(job.id)[0]).toMatchObject({ state: 'done', fact: 'It came back.' })
  expect(stores.jobs.get(job.id)?.attempt).toBe(0)
})

test('a job that is due is taken once the file is free', async () => {
  stores.jobs.insert(someJob({ kind: 'start-database' }), [{ name: 'wait', title: 'Wait' }])
  const letGo = hold()
  worker.takeAll()
  worker.wake()
  expect(worker.running()).toEqual([])
  expect(warnings).toEqual(['jobs wait for the data file'])
  letGo()
  worker.wake()
  expect(worker.running()).toHaveLength(1)
  await expect.poll(() => goOn).not.toBeNull()
  goOn?.()
  await expect.poll(() => worker.running()).toEqual([])
})

test('who asks for a change gets it once the file is free, or is told who holds it', async () => {
  const change = () => stores.processes.beat()
  const letGo = hold()
  setTimeout(letGo, 250)
  await onceFree(clock, change)
  const letGoAgain = hold()
  const hurried = { ...clock, sleep: () => Promise.resolve() }
  await expect(onceFree(hurried, change)).rejects.toMatchObject({ code: 'store_busy' })
  letGoAgain()
})
