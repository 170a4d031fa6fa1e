import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { isShownAsFailed } from '../../lib/shown-failures.ts'
import { showFailure } from '../../ui/toasts.tsx'
import { createFailureLook } from './failed-unseen.ts'
import { awaitedJobs, jobsQuery } from './queries.ts'

/** As many are told one by one; more at once are one piece of news. */
const most = 2

/**
 * Tells, while the window is before the user's eyes, of jobs that fail elsewhere than on the screen: a
 * schedule's backup, say. Otherwise the desktop's notifications do.
 */
export function FailureToasts() {
  const jobs = useQuery(jobsQuery).data
  const [, navigate] = useLocation()
  const [look] = useState(() => createFailureLook(awaitedJobs, isShownAsFailed))
  useEffect(() => {
    if (jobs === undefined) return
    const failed = look(jobs)
    if (!document.hasFocus()) return
    if (failed.length > most) {
      const title = `${failed.length} jobs failed`
      showFailure({ title, reason: null, onShow: () => navigate('/activity') })
      return
    }
    for (const { id, title, hostName, error } of failed) {
      showFailure({
        title: `${title}${hostName === null ? '' : ` on ${hostName}`} failed`,
        reason: error?.message ?? null,
        onShow: () => navigate(`/activity/${id}`),
      })
    }
  }, [jobs, look, navigate])
  return null
}
