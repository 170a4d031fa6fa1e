import { jobSchema, type JobView } from '../../shared/contract/jobs.ts'

/** A job as the core tells it, for tests. */
export function aJob(more: Partial<JobView>): JobView {
  return jobSchema.parse({
    id: crypto.randomUUID(),
    kind: 'create-backup',
    title: 'Back up shop',
    state: 'running',
    undoing: false,
    interrupted: false,
    cancelRequested: false,
    cancellable: true,
    attempt: 1,
    createdAt: 0,
    startedAt: 0,
    endedAt: null,
    runAt: 0,
    steps: [],
    error: null,
    databaseId: null,
    hostId: null,
    hostName: null,
    environment: null,
    byItself: true,
    ...more,
  })
}
