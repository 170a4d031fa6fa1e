import type { Migration } from './index.ts'

/** Finds the jobs that ended last among many thousands. */
export const endedJobs: Migration = {
  version: 11,
  name: 'ended-jobs',
  sql: `
CREATE INDEX jobs_ended ON jobs (ended_at);
`,
}
