import type { JobView } from '../../../shared/contract/jobs.ts'

const words: Readonly<Record<JobView['state'], string>> = {
  waiting: 'Waiting',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
}

/** A job's state in a word. */
export function jobStateWords(job: JobView): string {
  if (job.interrupted) return 'Interrupted'
  return job.undoing ? 'Taking back' : words[job.state]
}
