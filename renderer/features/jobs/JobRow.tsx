import { Link } from 'wouter'
import type { JobView } from '../../../shared/contract/jobs.ts'
import { bytesSoFar, formatClock, formatDuration, noValue } from '../../lib/format.ts'
import { useJobProgress } from '../../lib/live.ts'
import { Elapsed, Moment } from '../../ui/Age.tsx'
import { EnvironmentMark } from '../../ui/EnvironmentMark.tsx'
import { JobSign } from '../../ui/JobSign.tsx'
import { jobStateWords } from './words.ts'
import classes from './Activity.module.css'

/** One job as a row; it opens beside the list. */
export function JobRow({ job, chosen }: { job: JobView; chosen: boolean }) {
  const startedAt = job.startedAt ?? job.createdAt
  return (
    <Link
      href={chosen ? '/activity' : `/activity/${job.id}`}
      role="row"
      tabIndex={0}
      aria-selected={chosen}
      aria-label={`${job.title}, ${jobStateWords(job)}`}
      className={classes.row}
    >
      <span role="cell" className={classes.sign}>
        <JobSign job={job} />
      </span>
      <span role="cell" className={classes.ellipsis}>
        <div className={classes.title}>{job.title}</div>
        <SecondLine job={job} />
      </span>
      <span role="cell">
        {job.environment === null ? noValue : <EnvironmentMark environment={job.environment} />}
      </span>
      <span role="cell" className={`${classes.ellipsis} ${classes.wide}`}>
        {job.hostName ?? noValue}
      </span>
      <span role="cell" className={classes.right}>
        <Took job={job} />
      </span>
      <span role="cell" className={`${classes.right} ${classes.quiet}`}>
        <Moment at={startedAt}>{formatClock(startedAt)}</Moment>
      </span>
    </Link>
  )
}

function Took({ job }: { job: JobView }) {
  if (job.startedAt === null) return <>{noValue}</>
  if (job.endedAt !== null) return <>{formatDuration(job.endedAt - job.startedAt)}</>
  return job.state === 'running' ? <Elapsed from={job.startedAt} to={null} /> : <>{noValue}</>
}

function SecondLine({ job }: { job: JobView }) {
  const progress = useJobProgress(job.state === 'running' ? job.id : null)
  const running = job.steps.find((step) => step.state === 'running')
  const at = job.steps.findIndex((step) => step.state === 'failed')
  if (job.interrupted) {
    return (
      <div className={`${classes.second} ${classes.warn}`}>
        Interrupted, goes on at the next start
      </div>
    )
  }
  switch (job.state) {
    case 'running': {
      const bytes =
        progress !== undefined && progress.step === running?.name && progress.bytes !== null
          ? `, ${bytesSoFar(progress.bytes, progress.totalBytes)}`
          : ''
      const words = job.undoing ? 'Taking back what was made' : `${running?.title ?? ''}${bytes}`
      return words === '' ? null : <div className={classes.second}>{words}</div>
    }
    case 'failed': {
      const where = at < 0 ? '' : `Stopped at step ${at + 1} of ${job.steps.length}`
      const tries = job.attempt > 1 ? `tried ${job.attempt} times` : ''
      const words = [where, tries].filter(Boolean).join(', ')
      return (
        <div className={`${classes.second} ${classes.fail}`}>
          {words === '' ? (job.error?.message ?? 'Failed') : words}
        </div>
      )
    }
    case 'cancelled':
      return <div className={classes.second}>Cancelled, everything removed</div>
    case 'waiting':
      return (
        <div className={classes.second}>
          {job.attempt > 0 ? `Waits for try ${job.attempt + 1}` : 'Waiting'}
        </div>
      )
    case 'done':
      return null
  }
}
