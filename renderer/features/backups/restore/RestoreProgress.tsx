import { Button } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconShieldCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import type { BackupId } from '../../../../shared/contract/backups.ts'
import type { JobId, JobView } from '../../../../shared/contract/jobs.ts'
import { useJobProgress } from '../../../lib/live.ts'
import { useShowsFailures } from '../../../lib/shown-failures.ts'
import { EnvironmentMark } from '../../../ui/EnvironmentMark.tsx'
import { ErrorBox } from '../../../ui/ErrorBox.tsx'
import { JobSteps } from '../../../ui/JobSteps.tsx'
import { LoadingRows } from '../../../ui/LoadingRows.tsx'
import { Page, PageHeader } from '../../../ui/Page.tsx'
import { databasesQuery } from '../../databases/queries.ts'
import { hasEnded, jobQuery } from '../../jobs/queries.ts'
import { useCancelBackup } from '../mutations.ts'
import { TableRows } from '../TableRows.tsx'
import classes from './Restore.module.css'

/** A restore step by step, and what came of it: the rows of every table, counted and compared. */
export function RestoreProgress({ jobId, backupId }: { jobId: JobId; backupId: BackupId }) {
  const job = useQuery(jobQuery(jobId))
  useShowsFailures(({ id }) => id === jobId)
  if (job.data !== undefined) return <Loaded job={job.data} backupId={backupId} />
  return (
    <Page header={<PageHeader title="Restore" back="/backups" />}>
      {job.isError ? <ErrorBox error={job.error} /> : <LoadingRows />}
    </Page>
  )
}

function Loaded({ job, backupId }: { job: JobView; backupId: BackupId }) {
  const [, navigate] = useLocation()
  const progress = useJobProgress(job.id)
  const cancel = useCancelBackup()
  const database = useQuery(databasesQuery).data?.find(({ id }) => id === job.databaseId)
  const canCancel = job.cancellable && !hasEnded(job) && !job.undoing && !job.cancelRequested
  const stop = () => {
    if (canCancel) cancel.mutate(job.id)
  }
  useHotkeys([['mod+.', stop]], [])
  const compared = job.steps.find(({ name }) => name === 'compare')?.fact
  return (
    <Page
      production={job.environment === 'production'}
      header={
        <PageHeader
          title={job.title}
          back="/backups"
          mark={job.environment !== null && <EnvironmentMark environment={job.environment} />}
          actions={
            job.state === 'done' && database !== undefined ? (
              <Button
                variant="filled"
                onClick={() => {
                  navigate(`/databases/${database.id}`)
                }}
              >
                Open database
              </Button>
            ) : hasEnded(job) ? undefined : (
              <Button disabled={!canCancel} loading={cancel.isPending} onClick={stop}>
                {canCancel || job.cancellable
                  ? job.cancelRequested
                    ? 'Cancelling'
                    : 'Cancel'
                  : 'Finishing'}
              </Button>
            )
          }
        />
      }
    >
      <div className={classes.progress}>
        <JobSteps job={job} progress={progress} />
        {job.state === 'done' && (
          <section className={classes.result} aria-label="Result">
            <h2 className={classes.resultTitle}>
              <IconShieldCheck size={18} stroke={1.5} color="var(--q-ok)" />
              Restored. {compared}.
            </h2>
            <TableRows id={backupId} />
          </section>
        )}
        {job.state === 'cancelled' && (
          <p className={classes.quiet}>Cancelled. What was made of it is removed.</p>
        )}
      </div>
    </Page>
  )
}
