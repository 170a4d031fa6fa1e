import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { jobIdSchema } from '../../../shared/contract/jobs.ts'
import type { JobStore, Stores } from '../../domain/ports.ts'
import { someJob, standingClock, temporaryFolder } from './fixtures.ts'
import { openStores } from './index.ts'

let folder: ReturnType<typeof temporaryFolder>
let stores: Stores
let jobs: JobStore

beforeEach(() => {
  folder = temporaryFolder()
  stores = openStores({ file: join(folder.path, 'quayside.db'), clock: standingClock() })
  jobs = stores.jobs
})
afterEach(() => {
  stores.close()
  folder[Symbol.dispose]()
})

const steps = [
  { name: 'port', title: 'Reserve a port' },
  { name: 'container', title: 'Create the container' },
]
const alive = new Set(['a', 'b'])

test('a job and its steps come back as they were put in and changed', () => {
  const job = someJob({ input: ['x', { y: null }] })
  jobs.insert(job, steps)
  expect(jobs.get(job.id)).toEqual(job)
  expect(jobs.get(jobIdSchema.parse(crypto.randomUUID()))).toBeNull()
  expect(jobs.steps(job.id).map((step) => step.name)).toEqual(['port', 'container'])

  const error = { code: 'port_taken', message: 'Taken.', facts: { port: '5432' } } as const
  const change = { state: 'failed', undoing: 'failed', cancelRequested: true, error } as const
  jobs.update(job.id, { ...change, attempt: 3, endedAt: 8.6 })
  expect(jobs.get(job.id)).toEqual({ ...job, ...change, attempt: 3, endedAt: 9 })

  const undo = { name: 'remove-container', input: { id: 'c1' } }
  jobs.updateStep(job.id, 'container', { state: 'done', output: { id: 'c1' }, undo, fact: 'c1' })
  expect(jobs.steps(job.id)[1]).toEqual({
    jobId: job.id,
    name: 'container',
    title: 'Create the container',
    state: 'done',
    fact: 'c1',
    startedAt: null,
    endedAt: null,
    output: { id: 'c1' },
    undo,
  })
  jobs.updateStep(job.id, 'container', { undo: { name: 'remove-volume', input: undefined } })
  expect(jobs.steps(job.id)[1]?.undo).toEqual({ name: 'remove-volume', input: null })
  jobs.resetSteps(job.id)
  for (const step of jobs.steps(job.id)) {
    expect(step).toMatchObject({ state: 'waiting', output: null, fact: null })
  }
  expect(jobs.steps(job.id).map(({ undo: left }) => left?.name)).toEqual([
    undefined,
    'remove-volume',
  ])
})

test('lists are newest first; active ones oldest first', () => {
  const [first, second, third] = [1, 2, 2].map((createdAt) => someJob({ createdAt }))
  for (const job of [first, second, third]) if (job !== undefined) jobs.insert(job, [])
  expect(jobs.list(2).map((job) => job.id)).toEqual([third?.id, second?.id])
  if (second !== undefined) jobs.update(second.id, { state: 'done' })
  expect(jobs.active().map((job) => job.id)).toEqual([first?.id, third?.id])
})

test('what runs and what has just failed is listed, however many newer jobs there are', () => {
  const running = someJob({ createdAt: 1, state: 'running' })
  const failed = someJob({ createdAt: 2, state: 'failed', endedAt: 2_000 })
  const ended = Array.from({ length: 200 }, (_, n) =>
    someJob({ createdAt: 100 + n, state: 'done', endedAt: 200 + n }),
  )
  for (const job of [running, failed, ...ended]) jobs.insert(job, [])
  const few = jobs.list(100).map(({ id }) => id)
  expect(few).toEqual([...ended.slice(-98).toReversed(), failed, running].map(({ id }) => id))

  const waiting = Array.from({ length: 200 }, (_, n) => someJob({ createdAt: 1_000 + n }))
  for (const job of waiting) jobs.insert(job, [])
  const half = jobs.list(100).map(({ id }) => id)
  expect(half).toHaveLength(100)
  expect(half.slice(0, 49)).toEqual(
    waiting
      .slice(-49)
      .toReversed()
      .map(({ id }) => id),
  )
  expect(half.slice(-2)).toEqual([failed.id, running.id])
})

test('a waiting job is claimed once, and not before it is due', () => {
  const job = someJob({ runAt: 100 })
  jobs.insert(job, steps)
  expect(jobs.claim(job.id, 'a', 99, alive)).toBe(false)
  expect(jobs.claim(job.id, 'a', 100, alive)).toBe(true)
  expect(jobs.get(job.id)).toMatchObject({ state: 'running', owner: 'a', startedAt: 100 })
  expect(jobs.claim(job.id, 'a', 100, alive)).toBe(false)
  expect(jobs.claim(job.id, 'b', 100, alive)).toBe(false)
})

test('a running job is taken over once its owner is gone, or has let go of it', () => {
  const job = someJob()
  jobs.insert(job, steps)
  expect(jobs.claim(job.id, 'a', 5, alive)).toBe(true)
  expect(jobs.claim(job.id, 'b', 6, new Set(['b']))).toBe(true)
  expect(jobs.get(job.id)).toMatchObject({ owner: 'b', startedAt: 5 })
  jobs.release(job.id)
  expect(jobs.claim(job.id, 'a', 7, alive)).toBe(true)
})

test('a job that has ended is not claimed', () => {
  for (const state of ['done', 'failed', 'cancelled'] as const) {
    const job = someJob({ state, key: state })
    jobs.insert(job, [])
    expect(jobs.claim(job.id, 'a', 5, alive)).toBe(false)
  }
})

test('jobs with the same key run one after another, an interrupted one first', () => {
  const [create, remove, other] = [someJob(), someJob(), someJob({ key: 'database/2' })]
  for (const job of [create, remove, other]) jobs.insert(job, [])
  expect(jobs.claim(create.id, 'a', 5, alive)).toBe(true)
  expect(jobs.claim(remove.id, 'b', 5, alive)).toBe(false)
  expect(jobs.claim(other.id, 'b', 5, alive)).toBe(true)
  expect(jobs.claim(remove.id, 'b', 5, new Set(['b']))).toBe(false)
  expect(jobs.claim(create.id, 'b', 5, new Set(['b']))).toBe(true)
  jobs.update(create.id, { state: 'done' })
  expect(jobs.claim(remove.id, 'b', 5, alive)).toBe(true)
})
