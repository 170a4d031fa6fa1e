import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import type { BackupFreshness, BackupId, BackupView } from '../../../shared/contract/backups.ts'
import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type { JobView } from '../../../shared/contract/jobs.ts'
import { jobKinds, tellingKinds } from '../../../shared/job-kinds.ts'
import { call } from '../../lib/call.ts'
import { hasEnded, jobsQuery } from '../jobs/queries.ts'

/** Every backup with its copies, newest first. */
export const backupsQuery = queryOptions({
  queryKey: ['backups', 'list'],
  queryFn: () => call('backups.list', {}),
})

/** When it was last seen what lies at each destination. */
export const looksQuery = queryOptions({
  queryKey: ['backups', 'looks'],
  queryFn: () => call('backups.looks', {}),
})

/** The backups of one database. */
export const backupsOfQuery = (databaseId: DatabaseId) =>
  queryOptions({
    queryKey: ['backups', 'of', databaseId],
    queryFn: () => call('backups.list', { databaseId }),
  })

/** The rows of each table as a backup has them; they never change. */
export const tablesQuery = (id: BackupId) =>
  queryOptions({
    queryKey: ['backup-tables', id],
    queryFn: () => call('backups.tables', { id }),
    staleTime: Infinity,
  })

/** The kinds of jobs that work on backups of a database, or on its content as a file. */
export const backupKinds: ReadonlySet<string> = new Set([
  jobKinds.createBackup,
  jobKinds.verifyBackup,
  jobKinds.testRestore,
  jobKinds.copyBackup,
  jobKinds.restoreBackup,
  jobKinds.restoreInPlace,
  jobKinds.exportFile,
])

/**
 * How well each database is backed up. An attempt that fails changes nothing at a destination, so the
 * end of any attempt asks anew.
 */
export function useFreshness() {
  const jobs = useQuery({ ...jobsQuery, select: endedAttempts })
  return useQuery({
    queryKey: ['backups', 'freshness', jobs.data ?? ''],
    queryFn: () => call('backups.freshness', {}),
    placeholderData: keepPreviousData<BackupFreshness[]>,
  })
}

function endedAttempts(jobs: readonly JobView[]): string {
  return jobs
    .filter((job) => tellingKinds.has(job.kind) && hasEnded(job))
    .slice(0, 20)
    .map(({ id, endedAt }) => `${id}@${endedAt ?? 0}`)
    .join(' ')
}

/** The job that makes a backup of a database now. */
export function runningBackup(jobs: readonly JobView[], databaseId: string): JobView | undefined {
  return jobs.find(
    (job) => job.kind === jobKinds.createBackup && job.databaseId === databaseId && !hasEnded(job),
  )
}

/** Backups of databases that this installation does not have: purged ones, or another's. */
export function withoutDatabase(backups: readonly BackupView[]): BackupView[] {
  return backups.filter(({ databaseId }) => databaseId === null)
}
