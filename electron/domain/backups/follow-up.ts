import type { FollowUp } from './backup-job.ts'
import { enqueueCopy, enqueueVerify, type FollowDeps } from './backups.ts'

/** What comes next in a backup's life: what was made is read back, what was read back is copied on. */
export function followUp(deps: () => FollowDeps): FollowUp {
  return {
    made: (copy) => void enqueueVerify(deps(), copy),
    verified: (copy) => {
      for (const to of copy.followers) enqueueCopy(deps(), copy, to)
    },
  }
}
