import type { JobId, JobView } from '../../../shared/contract/jobs.ts'

/** When each job that had failed did so. */
export type Failures = ReadonlyMap<JobId, number>

/** The failures among the jobs. */
export function failuresOf(jobs: readonly JobView[]): Failures {
  return new Map(
    jobs.flatMap(({ id, state, endedAt }) =>
      state === 'failed' && endedAt !== null ? [[id, endedAt] as const] : [],
    ),
  )
}

/**
 * The jobs that have failed since the last look, and that nothing in the window tells of by itself.
 * @param awaited those whose end is waited for by who began them
 */
export function failedUnseen(
  before: Failures | null,
  jobs: readonly JobView[],
  awaited: ReadonlySet<string>,
): JobView[] {
  if (before === null) return []
  // One that comes into the list late, as when another is taken off it, is no news.
  const newest = Math.max(0, ...before.values())
  return jobs.filter(
    ({ id, state, endedAt }) =>
      state === 'failed' &&
      endedAt !== null &&
      endedAt >= newest &&
      before.get(id) !== endedAt &&
      !awaited.has(id),
  )
}
