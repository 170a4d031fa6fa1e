import type { FollowUp } from './backup-job.ts'
import { enqueueCopy, enqueueRetention, enqueueVerify, type FollowDeps } from './backups.ts'

/**
 * What comes next in a backup's life: what was made is read back, what was read back is copied
 * on, and what a schedule made makes older ones go.
 */
export function followUp(deps: () => FollowDeps): FollowUp {
  return {
    made: (copy) => void enqueueVerify(deps(), copy),
    verified: (copy) => {
      for (const to of copy.followers) enqueueCopy(deps(), copy, to)
      if (copy.scheduleId !== null) enqueueRetention(deps(), copy)
    },
  }
}
