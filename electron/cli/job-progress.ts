import type { JobProgress, JobStep, JobView } from '../../shared/contract/jobs.ts'
import { formatBytes } from '../../shared/sizes.ts'
import type { Output } from './output.ts'
import { age, span } from './words.ts'

/** Tells how a job gets on, each thing once. */
export interface JobReporter {
  /** Takes the job as it stands. */
  show(job: JobView): void
  /** Takes news of the running step. */
  step(progress: JobProgress): void
  /** Clears the updating line. */
  end(): void
}

/** Steps as lines where nobody watches, as one updating line on a terminal. */
export function createJobReporter(out: Output, now: () => number): JobReporter {
  const told = new Map<string, string>()
  let last: JobView | undefined

  const once = (key: string, value: string, tell: () => void) => {
    if (told.get(key) === value) return
    told.set(key, value)
    tell()
  }

  return {
    show(job) {
      last = job
      for (const step of job.steps) {
        if (step.state === 'waiting' || step.state === 'not-run') continue
        // On a terminal the running step is the updating line; what is done needs no line.
        if (out.live) continue
        once(step.name, step.state, () =>
          out.progress(stepText(step), {
            jobId: job.id,
            step: step.name,
            title: step.title,
            state: step.state,
            fact: step.fact,
          }),
        )
      }
      const waiting = waitingText(job, now())
      if (waiting !== null)
        once('wait', `${job.attempt}`, () =>
          out.progress(waiting, { jobId: job.id, waiting: true, runAt: job.runAt }),
        )
      if (out.live) out.status(lineOf(job, now()))
    },
    step(progress) {
      const title = last?.steps.find((step) => step.name === progress.step)?.title
      if (last === undefined || title === undefined) return
      const more = progressText(progress)
      if (out.live && more !== '') out.status(`${lineStart(last)}${title}: ${more}`)
    },
    end: () => out.status(''),
  }
}

function stepText(step: JobStep): string {
  const words: Readonly<Record<JobStep['state'], string>> = {
    waiting: 'waiting',
    running: '…',
    done: 'done',
    failed: 'failed',
    undone: 'taken back',
    'not-run': 'not run',
  }
  if (step.state === 'running') return `${step.title} …`
  const fact = step.fact === null || step.state !== 'done' ? '' : ` (${step.fact})`
  return `${step.title}: ${words[step.state]}${fact}`
}

function waitingText(job: JobView, now: number): string | null {
  if (job.state !== 'waiting' || job.attempt === 0) return null
  const reason = job.error === null ? '' : `${job.error.message} `
  const wait = job.runAt - now
  return `${reason}${wait <= 0 ? 'Trying again.' : `Next try in ${span(wait)}.`}`
}

function lineStart(job: JobView): string {
  if (job.undoing) return `${job.title}, taking back what was made · `
  return `${job.title} · `
}

function lineOf(job: JobView, now: number): string {
  const running = job.steps.find((step) => step.state === 'running')
  if (running !== undefined) return `${lineStart(job)}${running.title} …`
  if (job.state === 'waiting') return `${lineStart(job)}waiting since ${age(job.createdAt, now)}`
  return `${lineStart(job)}…`
}

/** `123 MB of 400 MB, 11.0 MB/s` */
function progressText(progress: JobProgress): string {
  const parts: string[] = []
  if (progress.bytes !== null) {
    const of = progress.totalBytes === null ? '' : ` of ${formatBytes(progress.totalBytes)}`
    parts.push(`${formatBytes(progress.bytes)}${of}`)
  }
  if (progress.bytesPerSecond !== null) parts.push(`${formatBytes(progress.bytesPerSecond)}/s`)
  if (progress.text !== null) parts.push(progress.text)
  return parts.join(', ')
}
