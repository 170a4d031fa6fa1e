import { QuaysideError, toErrorData } from '../../../shared/errors.ts'
import type { JobId } from '../../../shared/contract/jobs.ts'
import type { HeavyThread, JobQueue, JobRecord } from '../ports.ts'
import { unknownKind, type JobDefinition } from './job-definition.ts'
import { mayPass, untilWritten } from '../once-free.ts'
import { longestBackoffMs } from './backoff.ts'
import { runJob, type RunJobDeps, type StopReason } from './run-job.ts'

/**
 * Which jobs run here. `light`: the others run in the thread for them. `heavy`: this is that thread.
 */
export type Part = { jobs: 'all' } | { jobs: 'light'; thread: HeavyThread } | { jobs: 'heavy' }

/** How many jobs of one queue run at a time in this process. */
const queueWidth: Readonly<Record<JobQueue, number>> = {
  provisioning: 4,
  maintenance: 2,
}

/** Between two looks for due jobs, milliseconds; what is enqueued here is taken at once. */
const lookMs = 1_000
/** No job is planned further ahead than that, milliseconds. */
const longestDelayMs = 3_600_000
/** Between two signs of life, milliseconds: a process counts as dead after thirty seconds without. */
const beatMs = 5_000
/** At the end of the process a job is given back within that, milliseconds; else by its death. */
const lastReleaseMs = 3_000

export interface JobWorker {
  /** Works on this job, whoever else may be working. */
  take(id: JobId): void
  /** Works on every due job from now on, also on those whose process died. */
  takeAll(): void
  /** Looks at once for what is due. */
  wake(): void
  /** Those that run here or in the thread of heavy jobs. */
  running(): JobId[]
  /** Stops running jobs at their next safe point and gives them back. */
  stop(): Promise<void>
}

interface Running {
  record: JobRecord
  controller: AbortController
  reason: StopReason | null
  settled: Promise<void>
}

/** How long a job may have to wait: one that never began may have been planned for later. */
function longestWaitMs({ startedAt, runAt, createdAt }: JobRecord): number {
  const planned = startedAt === null ? Math.min(runAt - createdAt, longestDelayMs) : 0
  return Math.max(longestBackoffMs, planned)
}

/** Whether there is something to do for an owner: its own job, or one that nobody living works on. */
function isFor(
  job: JobRecord,
  owner: string | null,
  now: number,
  alive: ReadonlySet<string>,
): boolean {
  const free = job.owner === null || !alive.has(job.owner)
  return free ? job.runAt <= now : job.owner === owner
}

/** Runs jobs of this thread; several threads and processes may work on the same store. */
export function createJobWorker(
  deps: RunJobDeps,
  definitions: ReadonlyMap<string, JobDefinition>,
  part: Part = { jobs: 'all' },
): JobWorker {
  const { stores, clock } = deps
  const running = new Map<JobId, Running>()
  const mine = new Set<JobId>()
  const ended = new Set<JobId>()
  let isHeld = false
  let beatIsDue = false
  let all = false
  let stopped = false

  /** Does what the next look does again: a data file that is held or full must not end the process. */
  const lookOrLater = (work: () => void): void => {
    try {
      work()
      isHeld = false
    } catch (thrown) {
      if (!mayPass(thrown)) throw thrown
      if (!isHeld) deps.log.warn('jobs wait for the data file', { reason: String(thrown) })
      isHeld = true
    }
  }

  const giveBack = (): void => {
    for (const id of ended) {
      stores.jobs.release(id)
      ended.delete(id)
    }
  }

  const beat = (): void => {
    beatIsDue = true
    stores.processes.beat()
    beatIsDue = false
  }

  const look = (): void => {
    if (!stopped) lookOrLater(lookNow)
  }

  const lookNow = (): void => {
    giveBack()
    if (beatIsDue) beat()
    const now = clock.now()
    const alive = stores.processes.alive()
    let threadWanted = false
    for (const job of stores.jobs.active()) {
      const own = running.get(job.id)
      if (own !== undefined) {
        if (job.cancelRequested && own.reason === null && job.undoing === null) stop(own, 'cancel')
        continue
      }
      if (!all && !mine.has(job.id)) continue
      // No wait is longer: this one was written before the clock was set back.
      if (job.runAt - now > longestWaitMs(job)) stores.jobs.update(job.id, { runAt: now })
      const heavy = definitions.get(job.kind)?.heavy === true
      if (part.jobs === 'light' && heavy) {
        threadWanted ||= isFor(job, part.thread.owner(), now, alive)
        continue
      }
      if (part.jobs === 'heavy' && !heavy) continue
      const sameQueue = [...running.values()].filter((other) => other.record.queue === job.queue)
      if (sameQueue.length >= queueWidth[job.queue]) continue
      if (stores.jobs.claim(job.id, stores.processes.self, now, alive)) start(job)
    }
    if (part.jobs === 'light') part.thread.wanted(threadWanted)
  }

  const start = (job: JobRecord): void => {
    const controller = new AbortController()
    const entry: Running = { record: job, controller, reason: null, settled: Promise.resolve() }
    running.set(job.id, entry)
    entry.settled = run(job, entry)
      .catch((thrown: unknown) => {
        // Nobody else hears of it: taken again, the job goes on from what its records say.
        deps.log.error(`job ${job.kind} could not be written down`, thrown, { job: job.id })
      })
      .then(() => {
        running.delete(job.id)
        ended.add(job.id)
        look()
      })
  }

  const run = async (job: JobRecord, entry: Running): Promise<void> => {
    const definition = definitions.get(job.kind)
    if (definition === undefined) {
      const error = toErrorData(unknownKind(job))
      stores.jobs.update(job.id, { state: 'failed', endedAt: clock.now(), error })
      return
    }
    // Read again: between listing and claiming another process may have brought it further.
    const fresh = stores.jobs.get(job.id) ?? job
    await runJob(deps, definition, fresh, entry.controller.signal, () => entry.reason)
  }

  const stop = (entry: Running, reason: StopReason): void => {
    entry.reason = reason
    // A step that must not stop half-way tells the user's word from the end of this process by it.
    entry.controller.abort(
      new QuaysideError('cancelled', 'Cancelled.', { facts: { stop: reason } }),
    )
  }

  const ticker = setInterval(look, lookMs)
  const heart = setInterval(() => lookOrLater(beat), beatMs)
  ticker.unref()
  heart.unref()
  const unsubscribe = stores.onForeignChange(look)

  return {
    take: (id) => {
      mine.add(id)
      // A caller may enqueue within a transaction of its own: a job must not begin before that is
      // written. Transactions end in the turn in which they began.
      queueMicrotask(look)
    },
    takeAll: () => {
      all = true
      look()
    },
    wake: look,
    running: () => {
      const { self } = stores.processes
      const thread = part.jobs === 'light' ? part.thread.owner() : null
      const ours = ({ owner }: JobRecord): boolean =>
        owner !== null && (owner === self || owner === thread)
      return stores.jobs
        .active()
        .filter(ours)
        .map(({ id }) => id)
    },
    stop: async () => {
      stopped = true
      clearInterval(ticker)
      clearInterval(heart)
      unsubscribe()
      for (const entry of running.values()) if (entry.reason === null) stop(entry, 'shutdown')
      const thread = part.jobs === 'light' ? [part.thread.stop()] : []
      await Promise.all([...[...running.values()].map((entry) => entry.settled), ...thread])
      await untilWritten(clock, giveBack, () => lastReleaseMs).catch((thrown: unknown) => {
        deps.log.error('jobs could not be given back', thrown)
      })
    },
  }
}
