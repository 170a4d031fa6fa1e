import type { JobView } from '../../../shared/contract/jobs.ts'
import { facts, table } from '../table.ts'
import { age, jobState, span } from '../words.ts'

const stepWords: Readonly<Record<JobView['steps'][number]['state'], string>> = {
  waiting: 'waiting',
  running: 'running',
  done: 'done',
  failed: 'failed',
  undone: 'taken back',
  'not-run': 'not run',
}

/** A job with its steps, and why it failed. */
export function describeJob(job: JobView, now: number): string {
  const head = facts([
    ['Job', job.title],
    ['State', jobState(job)],
    ['Reason', job.error?.message ?? null],
    ['What to do', job.error?.hint ?? null],
    ['Technical cause', job.error?.detail ?? null],
    ['Next try', job.state === 'waiting' && job.runAt > now ? `in ${span(job.runAt - now)}` : null],
    ['Host', job.hostName],
    ['Environment', job.environment],
    ['Created', age(job.createdAt, now)],
    ['Ended', job.endedAt === null ? null : age(job.endedAt, now)],
    ['Attempts', String(job.attempt)],
    ['Id', job.id],
  ])
  if (job.steps.length === 0) return head
  const rows = job.steps.map((step) => [
    step.title,
    stepWords[step.state],
    step.startedAt === null ? '' : span((step.endedAt ?? now) - step.startedAt),
    step.fact ?? '',
  ])
  return `${head}\n\n${table(['step', 'state', 'took', 'fact'], rows)}`
}
