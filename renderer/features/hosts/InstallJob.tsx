import { Button } from '@mantine/core'
import type { JobView } from '../../../shared/contract/jobs.ts'
import { useJobProgress } from '../../lib/live.ts'
import { Until } from '../../ui/Age.tsx'
import { JobSteps } from '../../ui/JobSteps.tsx'
import { StateDot } from '../../ui/StateDot.tsx'
import { hasEnded } from '../jobs/queries.ts'
import { installAsSeen } from './install-as-seen.ts'
import { useCancelInstall, useRetryInstall } from './mutations.ts'
import classes from './InstallDocker.module.css'

/** An installation of Docker, from its first command to its end. */
export function InstallJob({ job: told }: { job: JobView }) {
  const { job, meanwhile } = installAsSeen(told)
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
      {meanwhile !== null && <LostConnection job={job} meanwhile={meanwhile} />}
      <JobSteps job={job} progress={progress} errorActions={ended ? again : undefined} />
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

/** What becomes of an installation that nobody can look on at, and when it is tried to again. */
function LostConnection({ job, meanwhile }: { job: JobView; meanwhile: string }) {
  return (
    <div className={classes.lost}>
      <span className={classes.lostDot}>
        <StateDot kind="unknown" label="Unknown" />
      </span>
      <div>
        <div role="status">
          <div className={classes.lostTitle}>The connection to {job.hostName} is lost</div>
          {meanwhile}
        </div>
        <div className={classes.note}>
          {job.state === 'waiting' ? (
            <>
              Next try in <Until at={job.runAt} />.
            </>
          ) : (
            'Trying now.'
          )}
        </div>
      </div>
    </div>
  )
}
