import type { JobId, JobView } from '../../../shared/contract/jobs.ts'
import { hasEnded } from './queries.ts'

/** When each job that had failed did so. */
type Failures = ReadonlyMap<JobId, number>

/**
 * Makes the look at the newest jobs that gives those that have failed since the last one, and that nothing
 * in the window tells of by itself.
 * @param awaited those whose end is told by who began them; each is taken off once it has ended, so that
 *   another try of it is news
 * @param isShown whether the screen shows a job's failure by itself
 */
export function createFailureLook(
  awaited: Set<JobId>,
  isShown: (job: JobView) => boolean,
): (jobs: readonly JobView[]) => JobView[] {
  let before: Failures | null = null
  return (jobs) => {
    const failed = failedSince(before, jobs).filter((job) => !awaited.has(job.id) && !isShown(job))
    before = failuresOf(jobs)
    for (const job of jobs) if (hasEnded(job)) awaited.delete(job.id)
    return failed
  }
}

function failuresOf(jobs: readonly JobView[]): Failures {
  return new Map(
    jobs.flatMap(({ id, state, endedAt }) =>
      state === 'failed' && endedAt !== null ? [[id, endedAt] as const] : [],
    ),
  )
}

function failedSince(before: Failures | null, jobs: readonly JobView[]): JobView[] {
  if (before === null) return []
  // One that comes into the list late, as when another is taken off it, is no news.
  const newest = Math.max(0, ...before.values())
  return jobs.filter(
    ({ id, state, endedAt }) =>
      state === 'failed' && endedAt !== null && endedAt >= newest && before.get(id) !== endedAt,
  )
}
