import { expect, it } from 'vitest'
import type { JobId, JobView } from '../../../shared/contract/jobs.ts'
import { aJob } from '../../lib/a-job.ts'
import { createFailureLook } from './failed-unseen.ts'

const running = aJob({})
const failed: JobView = { ...running, state: 'failed', endedAt: 10 }
const again: JobView = { ...failed, endedAt: 20 }

/** What each of the lists gives, one after the other. */
function looks(lists: JobView[][], awaited = new Set<JobId>(), isShown = (_job: JobView) => false) {
  const look = createFailureLook(awaited, isShown)
  return lists.map((jobs) => look(jobs))
}

it('a job that fails is told of once, and again when it is tried again', () => {
  expect(looks([[failed], [failed]])).toEqual([[], []])
  expect(looks([[running], [failed], [failed], [running], [again]])).toEqual([
    ...[[], [failed], [], []],
    [again],
  ])
})

it('one that is done, or that the screen shows, is not', () => {
  expect(looks([[running], [{ ...failed, state: 'done' }]])).toEqual([[], []])
  const shown = ({ id }: JobView) => id === failed.id
  expect(looks([[running], [failed]], new Set(), shown)).toEqual([[], []])
})

it('one whose end is told by who began it is not, but another try of it is', () => {
  const awaited = new Set([running.id])
  expect(looks([[running], [failed], [running], [again]], awaited)).toEqual([[], [], [], [again]])
  expect(awaited).toEqual(new Set())
})

it('an old failure that comes into the list late is not either', () => {
  const old = aJob({ state: 'failed', endedAt: 5 })
  expect(looks([[failed], [failed, old]])).toEqual([[], []])
})
