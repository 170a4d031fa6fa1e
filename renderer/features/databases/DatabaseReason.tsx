import type { DatabaseView } from '../../../shared/contract/databases.ts'
import type { JobView } from '../../../shared/contract/jobs.ts'
import { Age, Elapsed, Since } from '../../ui/Age.tsx'
import type { StateKind } from '../../ui/StateDot.tsx'
import classes from './DatabaseList.module.css'

/** The second line of a row: why it is in its state, or since when. Nothing for one that runs. */
export function DatabaseReason(props: {
  database: DatabaseView
  kind: StateKind
  job: JobView | undefined
}) {
  const { database, kind, job } = props
  const words = wordsFor(database, kind, job)
  if (words === null) return null
  return (
    <div
      className={classes.second}
      data-kind={kind}
      {...(database.reason !== null && { title: database.reason })}
    >
      {words}
    </div>
  )
}

function wordsFor(database: DatabaseView, kind: StateKind, job: JobView | undefined) {
  const { since, reason, status } = database
  switch (kind) {
    case 'running':
      return null
    case 'working': {
      const what = status === 'creating' ? 'Creating' : (job?.title ?? 'Working')
      const from = job?.startedAt ?? null
      return from === null ? (
        what
      ) : (
        <>
          {what}, <Elapsed from={from} to={null} />
        </>
      )
    }
    case 'stopped':
      return since === null ? (
        'Stopped'
      ) : (
        <>
          Stopped <Age at={since} />
        </>
      )
    case 'unknown':
      return since === null ? (
        'Unknown'
      ) : (
        <>
          Unknown since <Since at={since} />
        </>
      )
    case 'attention':
      return reason ?? 'Needs a look'
    case 'failed':
      return reason ?? 'Failed'
  }
}
