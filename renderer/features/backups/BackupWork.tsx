import { Button } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type { JobView } from '../../../shared/contract/jobs.ts'
import { useJobProgress } from '../../lib/live.ts'
import { JobSign } from '../../ui/JobSign.tsx'
import { JobSteps } from '../../ui/JobSteps.tsx'
import { databasesQuery } from '../databases/queries.ts'
import { hasEnded, jobsQuery } from '../jobs/queries.ts'
import { useCancelBackup } from './mutations.ts'
import { backupKinds } from './queries.ts'
import classes from './DatabaseBackups.module.css'

/**
 * What is done with backups of a database now: each job with its steps, bytes and rate. Null stands for
 * all databases that are not here.
 */
export function BackupWork({ databaseId }: { databaseId: DatabaseId | null }) {
  const jobs = useQuery(jobsQuery).data ?? []
  const databases = useQuery(databasesQuery).data
  const isMeant = (of: JobView['databaseId']): boolean =>
    databaseId === null
      ? databases !== undefined && databases.every(({ id }) => id !== of)
      : of === databaseId
  const running = jobs.filter(
    (job) => isMeant(job.databaseId) && backupKinds.has(job.kind) && !hasEnded(job),
  )
  const cancel = useCancelBackup()
  const first = running[0]
  useHotkeys([['mod+.', () => first !== undefined && canCancel(first) && cancel.mutate(first.id)]])
  return running.map((job) => (
    <section key={job.id} className={classes.work} aria-label={job.title}>
      <h2 className={classes.workTitle}>
        <JobSign job={job} />
        <Link href={`/activity/${job.id}`}>{job.title}</Link>
        <Button
          size="xs"
          ml="auto"
          disabled={!canCancel(job)}
          onClick={() => {
            cancel.mutate(job.id)
          }}
        >
          {job.cancelRequested ? 'Cancelling' : 'Cancel'}
        </Button>
      </h2>
      <Steps job={job} />
    </section>
  ))
}

function Steps({ job }: { job: JobView }) {
  return <JobSteps job={job} progress={useJobProgress(job.id)} />
}

function canCancel({ cancellable, cancelRequested, undoing }: JobView): boolean {
  return cancellable && !cancelRequested && !undoing
}
