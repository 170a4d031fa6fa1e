import type { JobView } from '../../../shared/contract/jobs.ts'

/** What the list of jobs is narrowed to. */
export type JobFilter = 'all' | 'running' | 'failed'

const admits: Readonly<Record<JobFilter, (job: JobView) => boolean>> = {
  all: () => true,
  running: (job) => job.state === 'running' || job.state === 'waiting',
  failed: (job) => job.state === 'failed',
}

/** The jobs that fit, newest first. */
export function filterJobs(jobs: readonly JobView[], filter: JobFilter, text = ''): JobView[] {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean)
  return jobs
    .filter((job) => {
      const about = `${job.title} ${job.hostName ?? ''} ${job.environment ?? ''}`.toLowerCase()
      return admits[filter](job) && words.every((word) => about.includes(word))
    })
    .sort((a, b) => b.createdAt - a.createdAt)
}
