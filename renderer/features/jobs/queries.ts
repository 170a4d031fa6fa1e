import { hashKey, queryOptions, type QueryClient } from '@tanstack/react-query'
import type { JobId, JobView } from '../../../shared/contract/jobs.ts'
import { call } from '../../lib/call.ts'
import { listItemsOf } from '../../lib/list-items-of.ts'
import { isShownAsFailed } from '../../lib/shown-failures.ts'
import { showError } from '../../ui/toasts.tsx'

/** Jobs under way and those that ended last, the newest first: all of them, unless there are hundreds. */
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

/** Before a job that the list has no place for is asked for by itself, milliseconds. */
const askMs = 2_000

/**
 * Resolves with the job once it has ended; the sidebar keeps the list of jobs fresh meanwhile. Of hundreds
 * at once the list does not hold all: a job that is not there is asked for by itself.
 */
export function jobEnd(queries: QueryClient, id: JobId): Promise<JobView> {
  awaitedJobs.add(id)
  return new Promise((resolve) => {
    let asks = false
    const inList = () => queries.getQueryData(jobsQuery.queryKey)?.find((each) => each.id === id)
    const take = (job: JobView) => {
      if (!hasEnded(job)) return
      stop()
      resolve(job)
    }
    const look = () => {
      const job = inList()
      if (job !== undefined) take(job)
      else if (!asks) {
        asks = true
        setTimeout(ask, askMs)
      }
    }
    const ask = () => {
      // News that comes from now on leads to another question.
      asks = false
      if (inList() !== undefined) look()
      // Where no answer comes, it is asked again.
      else call('jobs.get', { id }).then(take, look)
    }
    const hash = hashKey(jobsQuery.queryKey)
    const stop = queries.getQueryCache().subscribe(({ type, query }) => {
      if (type === 'updated' && query.queryHash === hash) look()
    })
    look()
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
