import type { JobRecord, Publish } from '../ports.ts'

/** Tells that a job is at another point, and with it the database it works on. */
export function tellJob(
  publish: Publish,
  { id, databaseId }: Pick<JobRecord, 'id' | 'databaseId'>,
): void {
  publish({ type: 'changed', topic: 'jobs', ids: [id] })
  if (databaseId !== null) publish({ type: 'changed', topic: 'databases', ids: [databaseId] })
}
