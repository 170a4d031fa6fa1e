import { useLayoutEffect } from 'react'
import type { JobView } from '../../shared/contract/jobs.ts'

type Which = (job: JobView) => boolean

const shown = new Set<Which>()

/**
 * Says, for as long as the one who calls is on the screen, which jobs' failures it shows where it
 * stands: nobody else need tell them.
 */
export function useShowsFailures(which: Which): void {
  // A layout's effect: it stands before any other effect of the same drawing may ask.
  useLayoutEffect(() => {
    shown.add(which)
    return () => {
      shown.delete(which)
    }
  })
}

/** Whether the screen shows by itself that a job has failed. */
export function isShownAsFailed(job: JobView): boolean {
  return [...shown].some((which) => which(job))
}
