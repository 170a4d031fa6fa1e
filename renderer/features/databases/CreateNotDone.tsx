import { Button } from '@mantine/core'
import { useLocation } from 'wouter'
import { formatDuration } from '../../lib/format.ts'
import { JobSteps } from '../../ui/JobSteps.tsx'
import { Page } from '../../ui/Page.tsx'
import { RailEnd } from '../../ui/RailEnd.tsx'
import { anewPath, CreateHeader, nameOf, type CreateParts } from './CreateProgress.tsx'
import { useRetryJob } from './mutations.ts'
import classes from './CreateProgress.module.css'

/** A create that failed or was cancelled: why, what was taken back, and how to go on. */
export function CreateNotDone({ job, database }: CreateParts) {
  const [, navigate] = useLocation()
  const retry = useRetryJob()
  const name = nameOf({ job, database })
  const where = job.hostName ?? 'the host'
  const failed = job.state === 'failed'
  const gone = job.state === 'done'
  const took = (job.endedAt ?? job.createdAt) - (job.startedAt ?? job.createdAt)
  return (
    <Page
      header={
        <CreateHeader
          title={
            gone ? `${name} is gone` : failed ? `${name} was not created` : `${name} was cancelled`
          }
          job={job}
        />
      }
      railWidth={328}
      railTinted
      rail={
        <RailEnd
          note={
            gone
              ? 'It was created, and removed later.'
              : `What was made so far was removed. Nothing of it stays on ${where}; a pulled image is kept for next time.`
          }
        >
          <Button
            onClick={() => {
              navigate(anewPath(job))
            }}
          >
            Start anew
          </Button>
          {!gone && (
            <Button
              variant="filled"
              loading={retry.isPending}
              onClick={() => {
                retry.mutate(job.id)
              }}
            >
              Retry
            </Button>
          )}
        </RailEnd>
      }
    >
      <div className={classes.head}>
        <span>{gone ? 'Done' : failed ? 'Failed' : 'Cancelled, everything removed'}</span>
        <span className={classes.time}>after {formatDuration(took)}</span>
      </div>
      <div className={classes.card}>
        <JobSteps job={job} progress={undefined} />
      </div>
    </Page>
  )
}
