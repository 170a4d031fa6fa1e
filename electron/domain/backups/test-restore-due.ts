import type { ScheduleInput } from '../../../shared/contract/schedules.ts'
import { jobKinds } from '../../../shared/job-kinds.ts'
import type { JobRecord } from '../ports.ts'

/** The kind of the job that proves a backup. */

const day = 86_400_000
const intervals = { weekly: 7 * day, monthly: 30 * day } as const
/** Backups come a little earlier or later each time; without this a proof would come a day late. */
const slack = day / 2
/** One that came to nothing is not tried again with each backup of a busy schedule. */
const againMs = day - 3_600_000

/** What is known of a database when one of its backups has been read back. */
export interface ProofSoFar {
  every: ScheduleInput['testRestore']
  /** When a backup of it was last restored with the same rows, epoch milliseconds; null if never. */
  provenAt: number | null
  /** Its jobs. */
  jobs: readonly Pick<JobRecord, 'kind' | 'state' | 'createdAt'>[]
  now: number
}

/** Whether the next test restore of a database is due. Pure. */
export function testRestoreDue({ every, provenAt, jobs, now }: ProofSoFar): boolean {
  if (every === 'never') return false
  const tests = jobs.filter(({ kind }) => kind === jobKinds.testRestore)
  if (tests.some(({ state }) => state === 'waiting' || state === 'running')) return false
  // A time to come was written by a clock that was wrong, and says nothing.
  const within = (at: number | null, ms: number): boolean =>
    at !== null && at <= now && now - at < ms
  if (within(provenAt, intervals[every] - slack)) return false
  return !tests.some(({ state, createdAt }) => state === 'failed' && within(createdAt, againMs))
}
