import { useQuery } from '@tanstack/react-query'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import type { JobId, JobView } from '../../../shared/contract/jobs.ts'
import { useShowsFailures } from '../../lib/shown-failures.ts'
import { EnvironmentMark } from '../../ui/EnvironmentMark.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { LoadingRows } from '../../ui/LoadingRows.tsx'
import { Page, PageHeader } from '../../ui/Page.tsx'
import { jobQuery } from '../jobs/queries.ts'
import { Created } from './Created.tsx'
import { CreateNotDone } from './CreateNotDone.tsx'
import { Creating } from './Creating.tsx'
import { databasesQuery } from './queries.ts'

/** What the parts of the create screen get. */
export interface CreateParts {
  job: JobView
  /** Undefined once a failed create has been taken back. */
  database: DatabaseView | undefined
}

/** A create from its first step to its end: in progress, done, or taken back. */
export function CreateProgress({ jobId }: { jobId: JobId }) {
  const job = useQuery(jobQuery(jobId))
  useShowsFailures(({ id }) => id === jobId)
  const databases = useQuery(databasesQuery)
  if (job.data === undefined) {
    return (
      <Page header={<PageHeader title="New database" back="/databases" />}>
        {job.isError ? <ErrorBox error={job.error} /> : <LoadingRows />}
      </Page>
    )
  }
  const database = databases.data?.find((each) => each.id === job.data.databaseId)
  const parts = { job: job.data, database }
  switch (job.data.state) {
    case 'waiting':
    case 'running':
      return <Creating {...parts} />
    case 'failed':
    case 'cancelled':
      return <CreateNotDone {...parts} />
    case 'done':
      return database === undefined ? (
        <CreateNotDone {...parts} />
      ) : (
        <Created job={job.data} database={database} />
      )
  }
}

/** The title line of all three. */
export function CreateHeader({ title, job }: { title: string; job: JobView }) {
  return (
    <PageHeader
      title={title}
      back="/databases"
      mark={job.environment !== null && <EnvironmentMark environment={job.environment} />}
    />
  )
}

/** Where one more of the kind is begun. */
export function anewPath({ kind, hostId }: JobView): string {
  if (isImport(kind)) return '/databases/import'
  return hostId === null ? '/databases/new' : `/databases/new/on/${hostId}`
}

/** True for a job that makes a database of what lies elsewhere. */
export function isImport(kind: string): boolean {
  return kind.startsWith('import-')
}

/** The name of the database a job is about, also once its record is gone. */
export function nameOf({ job, database }: CreateParts): string {
  return database?.name ?? job.title.replace(/^(?:Create|Import) /, '')
}
