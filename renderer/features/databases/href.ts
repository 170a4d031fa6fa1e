import type { DatabaseView } from '../../../shared/contract/databases.ts'

/** Where a database is looked at; one that is being created, where its steps are. */
export function hrefOf({ id, status, jobId }: DatabaseView): string {
  return status === 'creating' && jobId !== null ? `/databases/new/${jobId}` : `/databases/${id}`
}
