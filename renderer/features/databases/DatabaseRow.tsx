import { IconCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { memo, useEffect, useState } from 'react'
import { Link } from 'wouter'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import type { EngineInfo } from '../../../shared/contract/engines.ts'
import type { JobView } from '../../../shared/contract/jobs.ts'
import { environmentLabels } from '../../../shared/names.ts'
import { isLive, stateKind, stateLabels } from '../../lib/database-state.ts'
import { noValue } from '../../lib/format.ts'
import { Elapsed } from '../../ui/Age.tsx'
import { EngineIcon } from '../../ui/EngineIcon.tsx'
import { EnvironmentMark } from '../../ui/EnvironmentMark.tsx'
import { StateDot } from '../../ui/StateDot.tsx'
import { DatabaseActions } from './DatabaseActions.tsx'
import { DatabaseReason } from './DatabaseReason.tsx'
import { DatabaseWork } from './DatabaseWork.tsx'
import { hrefOf } from './href.ts'
import { statsQuery } from './queries.ts'
import type { RowPlace } from './row-place.ts'
import { StatCells } from './StatCells.tsx'
import classes from './DatabaseList.module.css'

/** A row that is scrolled past is not worth asking the engine for, milliseconds. */
const settleMs = 150

interface DatabaseRowProps extends RowPlace {
  database: DatabaseView
  engine: EngineInfo | undefined
  /** The job that works on it now, as far as it is known. */
  job: JobView | undefined
  selected: boolean
}

/** One database as a row; its numbers are read only while it stands on the screen. */
export const DatabaseRow = memo(function DatabaseRow(props: DatabaseRowProps) {
  const { database, engine, job, selected, index, top, active } = props
  const settled = useSettled()
  // Buttons and menus are most of a row's cost: they come to be where the pointer or the focus goes.
  const [met, setMet] = useState(false)
  const live = isLive(database)
  const stats = useQuery({ ...statsQuery(database.id), enabled: live && settled })
  const kind = stateKind(database)
  const creating = database.status === 'creating'
  const href = hrefOf(database)
  const names = [
    classes.columns,
    classes.row,
    database.environment === 'production' && classes.production,
    kind === 'unknown' && classes.unknown,
  ]
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      aria-label={`${database.name}, ${environmentLabels[database.environment]}, ${stateLabels[kind]}`}
      data-index={index}
      tabIndex={active ? 0 : -1}
      className={names.filter(Boolean).join(' ')}
      style={{ top }}
      onPointerEnter={() => {
        setMet(true)
      }}
    >
      <span className={classes.choose} data-choose aria-hidden>
        <span className={classes.box}>{selected && <IconCheck size={12} stroke={2.5} />}</span>
      </span>
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
      {creating && job !== undefined ? (
        <DatabaseWork job={job} />
      ) : (
        <>
          <div role="cell" className={`${classes.right} ${classes.wide}`}>
            {database.port ?? noValue}
          </div>
          <StatCells id={database.id} stats={stats.data} live={live} />
          <div role="cell" className={classes.uptime}>
            {live && database.startedAt !== null ? (
              <Elapsed from={database.startedAt} to={null} />
            ) : (
              noValue
            )}
          </div>
          {(met || active) && <DatabaseActions database={database} href={href} />}
        </>
      )}
    </div>
  )
})

/** True once the row has stood on the screen for a moment. */
function useSettled(): boolean {
  const [settled, setSettled] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(true)
    }, settleMs)
    return () => {
      clearTimeout(timer)
    }
  }, [])
  return settled
}
