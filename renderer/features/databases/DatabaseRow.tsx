import { useInViewport } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { memo } from 'react'
import { Link, useLocation } from 'wouter'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import type { EngineInfo } from '../../../shared/contract/engines.ts'
import type { JobView } from '../../../shared/contract/jobs.ts'
import { environmentLabels } from '../../../shared/names.ts'
import { isLive, stateKind, stateLabels } from '../../lib/database-state.ts'
import { noValue } from '../../lib/format.ts'
import { isInside } from '../../lib/list-keys.ts'
import { Elapsed } from '../../ui/Age.tsx'
import { EngineIcon } from '../../ui/EngineIcon.tsx'
import { EnvironmentMark } from '../../ui/EnvironmentMark.tsx'
import { StateDot } from '../../ui/StateDot.tsx'
import { showDone, showError } from '../../ui/toasts.tsx'
import { DatabaseActions } from './DatabaseActions.tsx'
import { DatabaseReason } from './DatabaseReason.tsx'
import { DatabaseWork } from './DatabaseWork.tsx'
import { copySecret } from './mutations.ts'
import { statsQuery } from './queries.ts'
import { StatCells } from './StatCells.tsx'
import classes from './DatabaseList.module.css'

interface DatabaseRowProps {
  database: DatabaseView
  engine: EngineInfo | undefined
  /** The job that works on it now, as far as it is known. */
  job: JobView | undefined
}

/** One database as a row; its numbers are read only while it can be seen. */
export const DatabaseRow = memo(function DatabaseRow({ database, engine, job }: DatabaseRowProps) {
  const [, navigate] = useLocation()
  const { ref, inViewport } = useInViewport<HTMLDivElement>()
  const live = isLive(database)
  const stats = useQuery({ ...statsQuery(database.id), enabled: live && inViewport })
  const kind = stateKind(database)
  const creating = database.status === 'creating'
  const href =
    creating && database.jobId !== null
      ? `/databases/new/${database.jobId}`
      : `/databases/${database.id}`
  const names = [
    classes.columns,
    classes.row,
    database.environment === 'production' && classes.production,
    kind === 'unknown' && classes.unknown,
  ]
  return (
    <div
      ref={ref}
      role="row"
      tabIndex={0}
      aria-label={`${database.name}, ${environmentLabels[database.environment]}, ${stateLabels[kind]}`}
      className={names.filter(Boolean).join(' ')}
      onDoubleClick={(event) => {
        if (isInside(event)) navigate(href)
      }}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return
        if (event.key === 'Enter') navigate(href)
        if (event.key === 'c' && (event.metaKey || event.ctrlKey) && !creating) {
          event.preventDefault()
          copySecret(database.id, 'url')().then(() => {
            showDone(`The connection URL of ${database.name} is copied`)
          }, showError)
        }
      }}
    >
      <div role="cell" className={classes.name}>
        <StateDot kind={kind} label={stateLabels[kind]} />
        <div className={classes.nameText}>
          <Link href={href} className={classes.link ?? ''} tabIndex={-1}>
            {database.name}
          </Link>
          <DatabaseReason database={database} kind={kind} job={job} />
        </div>
      </div>
      <div role="cell">
        <EnvironmentMark environment={database.environment} />
      </div>
      <div role="cell" className={classes.engine}>
        <EngineIcon path={engine?.icon} />
        <span className={classes.ellipsis}>
          <span className={classes.strong}>{engine?.label ?? database.engine}</span>{' '}
          {stats.data?.serverVersion ?? database.version}
        </span>
      </div>
      <div role="cell" className={classes.ellipsis}>
        {database.hostName}
      </div>
      {creating && job !== undefined ? (
        <DatabaseWork job={job} />
      ) : (
        <>
          <div role="cell" className={`${classes.right} ${classes.wide}`}>
            {database.port ?? noValue}
          </div>
          <StatCells stats={stats.data} live={live} />
          <div role="cell" className={classes.uptime}>
            {live && database.startedAt !== null ? (
              <Elapsed from={database.startedAt} to={null} />
            ) : (
              noValue
            )}
          </div>
          {inViewport && <DatabaseActions database={database} href={href} />}
        </>
      )}
    </div>
  )
})
