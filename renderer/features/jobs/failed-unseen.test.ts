import { expect, it } from 'vitest'
import { jobSchema, type JobView } from '../../../shared/contract/jobs.ts'
import { failedUnseen, failuresOf } from './failed-unseen.ts'

function aJob(more: Partial<JobView>): JobView {
  return jobSchema.parse({
    id: crypto.randomUUID(),
    kind: 'create-backup',
    title: 'Back up shop',
    state: 'running',
    undoing: false,
    interrupted: false,
    cancelRequested: false,
    cancellable: true,
    attempt: 1,
    createdAt: 0,
    startedAt: 0,
    endedAt: null,
    runAt: 0,
    steps: [],
    error: null,
    databaseId: null,
    hostId: null,
    hostName: null,
    environment: null,
    byItself: true,
    ...more,
  })
}
const nobody = new Set<string>()
const running = aJob({})
const failed: JobView = { ...running, state: 'failed', endedAt: 10 }

it('a job that fails is told of once, and again when it is tried again', () => {
  expect(failedUnseen(null, [failed], nobody)).toEqual([])
  expect(failedUnseen(failuresOf([running]), [failed], nobody)).toEqual([failed])
  expect(failedUnseen(failuresOf([failed]), [failed], nobody)).toEqual([])
  const again = { ...failed, endedAt: 20 }
  expect(failedUnseen(failuresOf([failed]), [again], nobody)).toEqual([again])
})

it('one that is done, or whose end somebody waits for, is not', () => {
  const before = failuresOf([running])
  expect(failedUnseen(before, [{ ...failed, state: 'done' }], nobody)).toEqual([])
  expect(failedUnseen(before, [failed], new Set([failed.id]))).toEqual([])
})

it('an old failure that comes into the list late is not either', () => {
  const old = aJob({ state: 'failed', endedAt: 5 })
  expect(failedUnseen(failuresOf([failed]), [failed, old], nobody)).toEqual([])
})
