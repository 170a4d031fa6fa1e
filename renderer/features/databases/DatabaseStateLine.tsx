import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { stateKind, stateLabels } from '../../lib/database-state.ts'
import { Age, Elapsed, Since } from '../../ui/Age.tsx'
import { StateDot } from '../../ui/StateDot.tsx'
import { jobsQuery } from '../jobs/queries.ts'
import classes from './DatabaseStateLine.module.css'

/** The state of a database in one line: `Running for 41 d 6 h on ams-1`. */
export function DatabaseStateLine({ database }: { database: DatabaseView }) {
  const kind = stateKind(database)
  return (
    <>
      <StateDot kind={kind} label={stateLabels[kind]} />
      <span role="status">
        <Words database={database} />
      </span>
    </>
  )
}

function Words({ database }: { database: DatabaseView }) {
  const { status, startedAt, since, hostName, reason, deletedAt, jobId } = database
  const job = useQuery(jobsQuery).data?.find((each) => each.id === jobId)
  if (jobId !== null && status !== 'unknown') {
    return (
      <>
        {job?.title ?? 'Working'} on {hostName}
        {job !== undefined && (
          <>
            , <Elapsed from={job.startedAt ?? job.createdAt} to={null} />
          </>
        )}
      </>
    )
  }
  switch (status) {
    case 'running':
      return startedAt === null ? (
        <>Running on {hostName}</>
      ) : (
        <>
          Running for <Elapsed from={startedAt} to={null} /> on {hostName}
        </>
      )
    case 'attention':
      return <>{reason ?? 'Needs a look'}</>
    case 'failed':
      return (
        <>
          {reason ?? `Failed on ${hostName}`}{' '}
          <Link href={`/databases/${database.id}/log`} className={classes.link ?? ''}>
            See the log
          </Link>
        </>
      )
    case 'stopped':
      return (
        <>
          Stopped {since !== null && <Age at={since} />} on {hostName}
        </>
      )
    case 'trash':
      return deletedAt === null ? (
        <>In the trash</>
      ) : (
        <>
          Deleted <Age at={deletedAt} />
        </>
      )
    case 'creating':
      return <>Creating on {hostName}</>
    case 'unknown':
      return (
        <>
          Unknown{' '}
          {since !== null && (
            <>
              since <Since at={since} />
            </>
          )}
          {reason !== null && `: ${reason}`}{' '}
          <Link href={`/hosts/${database.hostId}/diagnosis`} className={classes.link ?? ''}>
            Find out why
          </Link>
        </>
      )
  }
}
