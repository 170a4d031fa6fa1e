import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import type { JobId } from '../../../shared/contract/jobs.ts'
import { showFailure } from '../../ui/toasts.tsx'
import { failedUnseen, failuresOf, type Failures } from './failed-unseen.ts'
import { awaitedJobs, jobQuery, jobsQuery } from './queries.ts'

/** As many are told one by one; more at once are one piece of news. */
const most = 2

/**
 * Tells, while the window is before the user's eyes, of jobs that fail elsewhere than on the screen: a
 * schedule's backup, say. Otherwise the desktop's notifications do.
 */
export function FailureToasts() {
  const jobs = useQuery(jobsQuery).data
  const cache = useQueryClient().getQueryCache()
  const [, navigate] = useLocation()
  const before = useRef<Failures | null>(null)
  useEffect(() => {
    if (jobs === undefined) return
    const failed = failedUnseen(before.current, jobs, awaitedJobs)
    before.current = failuresOf(jobs)
    if (!document.hasFocus()) return
    // One that is looked at by itself is on the screen.
    const isSeen = (id: JobId) => cache.find({ queryKey: jobQuery(id).queryKey })?.isActive()
    const elsewhere = failed.filter(({ id }) => isSeen(id) !== true)
    if (elsewhere.length > most) {
      const title = `${elsewhere.length} jobs failed`
      showFailure({ title, reason: null, onShow: () => navigate('/activity') })
      return
    }
    for (const { id, title, hostName, error } of elsewhere) {
      showFailure({
        title: `${title}${hostName === null ? '' : ` on ${hostName}`} failed`,
        reason: error?.message ?? null,
        onShow: () => navigate(`/activity/${id}`),
      })
    }
  }, [jobs, cache, navigate])
  return null
}
