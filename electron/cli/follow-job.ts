import type { JobId, JobView } from '../../shared/contract/jobs.ts'
import { fromErrorData, QuaysideError, toErrorData } from '../../shared/errors.ts'
import type { Core } from '../domain/core.ts'
import type { Cli } from './cli.ts'
import { createJobReporter } from './job-progress.ts'

/** What a cancel means for the things that a job has made. */
interface CancelWords {
  cancelling: string
  cancelled: string
}

const takenBack: CancelWords = {
  cancelling: 'What was made so far is removed.',
  cancelled: 'What it had made was taken back.',
}

/**
 * Waits for a job and tells how it gets on. The first Ctrl-C cancels the job, which takes back what
 * was made; the second one leaves it to the next start.
 * @throws QuaysideError the job's own, or `cancelled`
 */
export async function followJob(
  cli: Cli,
  core: Core,
  id: JobId,
  words = takenBack,
): Promise<JobView> {
  const reporter = createJobReporter(cli.out, cli.io.now)
  let looking = false
  // One look at a time: while one is under way, what changed will be seen by the next event.
  const look = async () => {
    if (looking) return
    looking = true
    try {
      reporter.show(await core.jobs.get({ id }))
    } finally {
      looking = false
    }
  }
  // A look that fails has nothing to show; waiting for the job tells what is wrong.
  const lookQuietly = () => void look().catch(() => undefined)
  const stopEvents = core.onEvent((event) => {
    if (event.type === 'changed' && event.topic === 'jobs') lookQuietly()
    if (event.type === 'job-progress' && event.progress.jobId === id) reporter.step(event.progress)
  })
  const giveBack = cli.interrupts.take(cancelThenLeave(cli, core, id, words))
  try {
    lookQuietly()
    const job = await core.waitForJob(id, cli.signal)
    reporter.show(job)
    reporter.end()
    if (job.state === 'done') return job
    if (job.error !== null) throw fromErrorData(job.error)
    throw new QuaysideError('cancelled', `“${job.title}” was cancelled.`, {
      hint: words.cancelled,
    })
  } finally {
    reporter.end()
    stopEvents()
    giveBack()
  }
}

function cancelThenLeave(cli: Cli, core: Core, id: JobId, words: CancelWords): () => void {
  let asked = false
  return () => {
    if (asked) {
      cli.interrupts.abort('Left as it is. The next start of Quayside goes on with it.')
      return
    }
    asked = true
    core.jobs.cancel({ id }).then(
      () =>
        cli.out.note(`Cancelling. ${words.cancelling} Ctrl-C again leaves that to the next start.`),
      (thrown: unknown) => {
        const { message, hint } = toErrorData(thrown)
        cli.out.note(`${[message, hint].join(' ')} Ctrl-C again leaves it to the next start.`)
      },
    )
  }
}

// A host that does not answer must not hold up a command that is done.
const longestLeftoverMs = 60_000

/** Waits for what a dead process left behind and this one has taken over; a minute at most. */
export async function finishLeftovers(cli: Cli, core: Core): Promise<void> {
  const enough = AbortSignal.any([cli.signal, AbortSignal.timeout(longestLeftoverMs)])
  for (let job = core.runningJobs()[0]; job !== undefined; job = core.runningJobs()[0]) {
    cli.out.note(`“${job.title}” was left behind by an earlier run and is being finished.`)
    try {
      await core.waitForJob(job.id, enough)
    } catch (thrown) {
      // How that job ends is its own affair: it is kept, with its reason, in "job list".
      if (enough.aborted) return
      throw thrown
    }
  }
}
