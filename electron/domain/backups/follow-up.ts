import type { Clock, Stores } from '../ports.ts'
import type { FollowUp, LaterCopies } from './backup-job.ts'
import {
  enqueueCopy,
  enqueueRetention,
  enqueueTest,
  enqueueVerify,
  type FollowDeps,
} from './backups.ts'
import { promised } from './promised.ts'
import { testRestoreDue } from './test-restore-due.ts'

/** As many of the newest jobs tell whether one was tried lately. */
const latestJobs = 500

/**
 * What comes next in a backup's life: what was made is read back, what was read back is copied
 * on, and what a schedule made makes older ones go and is restored for a test where that is due.
 */
export function followUp(
  { stores, clock }: { stores: Stores; clock: Clock },
  deps: () => FollowDeps,
): FollowUp {
  const test = (copy: LaterCopies): void => {
    const schedule = copy.scheduleId === null ? null : stores.schedules.get(copy.scheduleId)
    const database = stores.databases.get(copy.databaseId)
    if (schedule === null || database?.state !== 'ready') return
    // Where it is now: the backup may have been made elsewhere.
    const host = stores.hosts.get(database.hostId)
    if (host === null) return
    const due = testRestoreDue({
      every: schedule.plan.testRestore,
      provenAt: stores.backups.proofs().get(copy.databaseId) ?? null,
      jobs: stores.jobs.list(latestJobs).filter((job) => job.databaseId === copy.databaseId),
      now: clock.now(),
    })
    if (!due) return
    enqueueTest(deps(), byItself(copy), host)
  }
  return {
    made: (copy) => void enqueueVerify(deps(), byItself(copy)),
    verified: (read, { first }) => {
      const { followers, scheduleId } = promised(stores, read)
      const copy = { ...read, scheduleId }
      for (const to of followers) enqueueCopy(deps(), byItself(copy), to)
      // What was read before has been followed by these already.
      if (scheduleId === null || !first) return
      enqueueRetention(deps(), byItself(copy))
      test(copy)
    },
  }
}

/** Nobody waits for what comes by itself. */
function byItself(copy: LaterCopies): LaterCopies {
  return { ...copy, about: { ...copy.about, byItself: true } }
}
