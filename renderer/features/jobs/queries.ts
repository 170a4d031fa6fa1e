import { queryOptions, type QueryClient } from '@tanstack/react-query'
import type { JobId, JobView } from '../../../shared/contract/jobs.ts'
import { call } from '../../lib/call.ts'
import { listItemsOf } from '../../lib/list-items-of.ts'
import { isShownAsFailed } from '../../lib/shown-failures.ts'
import { showError } from '../../ui/toasts.tsx'

/** The newest jobs, running ones among them. */
export const jobsQuery = queryOptions({
  queryKey: ['jobs', 'list'],
  queryFn: () => call('jobs.list', { limit: 200 }),
})

/** Each of the newest jobs by itself. */
export const jobItems = listItemsOf<JobView>(jobsQuery)

/** One job with its steps. */
export function jobQuery(id: JobId) {
  return queryOptions({ queryKey: ['jobs', 'one', id], queryFn: () => call('jobs.get', { id }) })
}

/** Jobs whose end is told by who began them in this window, until it has come. */
export const awaitedJobs = new Set<JobId>()

/** Resolves with the job once it has ended; the sidebar keeps the list of jobs fresh meanwhile. */
export function jobEnd(queries: QueryClient, id: JobId): Promise<JobView> {
  awaitedJobs.add(id)
  return new Promise((resolve) => {
    const look = () => {
      const job = queries.getQueryData(jobsQuery.queryKey)?.find((each) => each.id === id)
      if (job === undefined || !hasEnded(job)) return false
      resolve(job)
      return true
    }
    if (look()) return
    const stop = queries.getQueryCache().subscribe(() => {
      if (look()) stop()
    })
  })
}

/**
 * Tells of the end of a job that was begun here, also when the screen has changed: what it came to if it
 * is done, else why not, unless the screen shows that.
 */
export async function tellEnd(queries: QueryClient, id: JobId, done: () => void): Promise<void> {
  const job = await jobEnd(queries, id)
  if (job.state === 'done') done()
  else if (job.error !== null && !isShownAsFailed(job)) showError(job.error)
}

/** True once nothing more happens to a job by itself. */
export function hasEnded(job: JobView): boolean {
  return job.state === 'done' || job.state === 'failed' || job.state === 'cancelled'
}
