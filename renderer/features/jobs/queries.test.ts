import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { JobView } from '../../../shared/contract/jobs.ts'
import { aJob } from '../../lib/a-job.ts'
import { jobEnd, jobsQuery } from './queries.ts'

const job = aJob({ state: 'waiting' })
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
