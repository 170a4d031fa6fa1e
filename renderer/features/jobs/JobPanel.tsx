import { Button } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconInfoCircle, IconRefresh, IconShieldCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { JobId, JobView } from '../../../shared/contract/jobs.ts'
import { useJobProgress } from '../../lib/live.ts'
import { useShowsFailures } from '../../lib/shown-failures.ts'
import { Age, Elapsed, Until } from '../../ui/Age.tsx'
import { EnvironmentMark } from '../../ui/EnvironmentMark.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { JobSign } from '../../ui/JobSign.tsx'
import { JobSteps } from '../../ui/JobSteps.tsx'
import { LoadingRows } from '../../ui/LoadingRows.tsx'
import { databasesQuery } from '../databases/queries.ts'
import { useCancelJob, useRetryJob } from './mutations.ts'
import { hasEnded, jobQuery } from './queries.ts'
import { jobStateWords } from './words.ts'
import classes from './Activity.module.css'

/** One job beside the list: its steps, why it failed, and what can be done. */
export function JobPanel({ id }: { id: JobId }) {
  const query = useQuery(jobQuery(id))
  useShowsFailures((job) => job.id === id)
  if (query.data !== undefined) return <LoadedJob job={query.data} />
  return query.isError ? <ErrorBox error={query.error} /> : <LoadingRows height={36} />
}

function LoadedJob({ job }: { job: JobView }) {
  const progress = useJobProgress(job.id)
  const database = useQuery(databasesQuery).data?.find((each) => each.id === job.databaseId)
  return (
    <>
      <div className={classes.panelTitle}>
        <JobSign job={job} />
        <h2>{job.title}</h2>
        {job.environment !== null && <EnvironmentMark environment={job.environment} />}
      </div>
      <div className={classes.panelFact}>
        <StateWords job={job} />
        {job.hostName !== null && ` on ${job.hostName}`}
        {database !== undefined && (
          <>
            {', '}
            <Link href={`/databases/${database.id}`}>open {database.name}</Link>
          </>
        )}
      </div>
      <JobSteps job={job} progress={progress} />
      <Note job={job} />
      <Bottom job={job} />
    </>
  )
}

function StateWords({ job }: { job: JobView }) {
  const words = jobStateWords(job)
  if (job.endedAt !== null) {
    return (
      <>
        {words} <Age at={job.endedAt} />
      </>
    )
  }
  if (job.state === 'running' && job.startedAt !== null && !job.interrupted) {
    return (
      <>
        {words} for <Elapsed from={job.startedAt} to={null} />
      </>
    )
  }
  if (job.state === 'waiting' && job.attempt > 0) {
    return (
      <>
        Next try in <Until at={job.runAt} />
      </>
    )
  }
  return <>{words}</>
}

function Note({ job }: { job: JobView }) {
  const undone = job.steps.some((step) => step.state === 'undone')
  if (job.interrupted) {
    return (
      <div className={classes.note}>
        <IconInfoCircle size={16} stroke={1.5} />
        <span>
          Quayside ended while this job ran. It goes on where it was, by itself; finished steps are
          not run twice.
        </span>
      </div>
    )
  }
  if (!undone || !hasEnded(job)) return null
  return (
    <div className={classes.note}>
      <IconShieldCheck size={16} stroke={1.5} />
      <span>
        What it had made was removed. Nothing of it stays on {job.hostName ?? 'the host'}.
      </span>
    </div>
  )
}

function Bottom({ job }: { job: JobView }) {
  const retry = useRetryJob()
  const cancel = useCancelJob()
  const canCancel = job.cancellable && !hasEnded(job) && !job.undoing && !job.cancelRequested
  useHotkeys([['mod+.', () => canCancel && cancel.mutate(job.id)]], [])
  if (job.state === 'done') return null
  if (hasEnded(job)) {
    return (
      <div className={classes.bottom}>
        {job.attempt > 1 && <p className={classes.promise}>It was tried {job.attempt} times.</p>}
        <div className={classes.buttons}>
          <Button
            variant="filled"
            leftSection={<IconRefresh stroke={1.5} />}
            loading={retry.isPending}
            onClick={() => {
              retry.mutate(job.id)
            }}
          >
            Retry
          </Button>
        </div>
      </div>
    )
  }
  if (!job.cancellable) {
    return (
      <div className={classes.bottom}>
        <p className={classes.promise}>It is finished in any case, so that nothing is half done.</p>
      </div>
    )
  }
  return (
    <div className={classes.bottom}>
      {!canCancel && <p className={classes.promise}>What was made so far is being taken back.</p>}
      <div className={classes.buttons}>
        <Button
          disabled={!canCancel}
          loading={cancel.isPending}
          onClick={() => {
            cancel.mutate(job.id)
          }}
        >
          {canCancel ? 'Cancel' : 'Cancelling'}
        </Button>
      </div>
    </div>
  )
}
