import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { jobIdSchema, type JobView } from '../../../shared/contract/jobs.ts'
import { jobEnd, jobsQuery } from './queries.ts'

const job: JobView = {
  id: jobIdSchema.parse('33333333-3333-4333-8333-333333333333'),
  kind: 'databases.stop',
  title: 'Stop shop',
  state: 'waiting',
  undoing: false,
  interrupted: false,
  cancelRequested: false,
  cancellable: true,
  attempt: 0,
  createdAt: 0,
  startedAt: null,
  endedAt: null,
  runAt: 0,
  steps: [],
  error: null,
  databaseId: null,
  hostId: null,
  hostName: null,
  environment: null,
  byItself: false,
}
const done: JobView = { ...job, state: 'done', endedAt: 1 }
const { queryKey } = jobsQuery

const invoke = vi.fn<(name: string, input: unknown) => Promise<unknown>>()

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('window', { quayside: { invoke } })
  invoke.mockReset()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('resolves with the job as the list has it, and asks for nothing else', async () => {
  const queries = new QueryClient()
  queries.setQueryData(queryKey, [])
  const end = jobEnd(queries, job.id)
  queries.setQueryData(queryKey, [job])
  await vi.advanceTimersByTimeAsync(60_000)
  queries.setQueryData(queryKey, [done])
  expect(await end).toEqual(done)
  expect(invoke).not.toHaveBeenCalled()
})

it('asks for a job that the list has no place for, until it has ended', async () => {
  const queries = new QueryClient()
  queries.setQueryData(queryKey, [])
  invoke.mockResolvedValueOnce({ ok: true, value: job })
  const end = jobEnd(queries, job.id)
  await vi.advanceTimersByTimeAsync(60_000)
  // Nothing was told since, so once is enough.
  expect(invoke.mock.calls).toEqual([['jobs.get', { id: job.id }]])

  invoke.mockRejectedValueOnce(new Error('no answer'))
  invoke.mockResolvedValueOnce({ ok: true, value: done })
  queries.setQueryData(queryKey, [])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(await end).toEqual(done)
  queries.setQueryData(queryKey, [])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(invoke).toHaveBeenCalledTimes(3)
})
