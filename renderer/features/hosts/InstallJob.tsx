import { Button } from '@mantine/core'
import type { JobView } from '../../../shared/contract/jobs.ts'
import { useJobProgress } from '../../lib/live.ts'
import { JobSteps } from '../../ui/JobSteps.tsx'
import { hasEnded } from '../jobs/queries.ts'
import { useCancelInstall, useRetryInstall } from './mutations.ts'
import classes from './InstallDocker.module.css'

/** An installation of Docker, from its first command to its end. */
export function InstallJob({ job }: { job: JobView }) {
  const progress = useJobProgress(job.id)
  const cancel = useCancelInstall()
  const retry = useRetryInstall()
  const ended = hasEnded(job)
  const again = (
    <Button
      size="xs"
      loading={retry.isPending}
      onClick={() => {
        retry.mutate({ id: job.id })
      }}
    >
      Retry
    </Button>
  )
  return (
    <section className={classes.plan} aria-label={job.title}>
      <h2 className={classes.title}>{job.title}</h2>
      <p className={classes.lead}>
        {job.state === 'cancelled'
          ? 'Cancelled. What was installed until then stays.'
          : 'A command that has begun goes on to its end there, whatever happens here.'}
      </p>
      <JobSteps job={job} progress={progress} errorActions={again} />
      {job.state === 'cancelled' && <div className={classes.bottom}>{again}</div>}
      {!ended && (
        <>
          <div className={classes.bottom}>
            <Button
              loading={cancel.isPending || job.cancelRequested}
              onClick={() => {
                cancel.mutate({ id: job.id })
              }}
            >
              Cancel
            </Button>
          </div>
          <p className={classes.note}>
            Cancel stops before the next command. What is installed by then stays.
          </p>
        </>
      )}
    </section>
  )
}
