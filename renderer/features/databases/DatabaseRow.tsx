import { IconCheck } from '@tabler/icons-react'
import { memo, useState } from 'react'
import { Link } from 'wouter'
import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type { EngineInfo } from '../../../shared/contract/engines.ts'
import { environmentLabels } from '../../../shared/names.ts'
import { isLive, stateKind, stateLabels } from '../../lib/database-state.ts'
import { noValue } from '../../lib/format.ts'
import { useListItem } from '../../lib/list-items-of.ts'
import { Elapsed } from '../../ui/Age.tsx'
import { EnvironmentMark } from '../../ui/EnvironmentMark.tsx'
import { StateDot } from '../../ui/StateDot.tsx'
import { jobItems } from '../jobs/queries.ts'
import { DatabaseActions } from './DatabaseActions.tsx'
import { DatabaseReason } from './DatabaseReason.tsx'
import { DatabaseWork } from './DatabaseWork.tsx'
import { hrefOf } from './href.ts'
import { databaseItems } from './queries.ts'
import type { RowPlace } from './row-place.ts'
import { EngineCell, RowNumbers } from './RowNumbers.tsx'
import classes from './DatabaseList.module.css'

interface DatabaseRowProps extends RowPlace {
  id: DatabaseId
  engines: ReadonlyMap<string, EngineInfo>
  selected: boolean
}

/** One database as a row, which hears of its own changes: the list is not drawn anew for them. */
export const DatabaseRow = memo(function DatabaseRow(props: DatabaseRowProps) {
  const { id, engines, selected, index, top, active } = props
  const database = useListItem(databaseItems, id)
  // What works on it now, as far as it is known.
  const job = useListItem(jobItems, database?.jobId ?? null)
  // Buttons and menus are most of a row's cost: they come to be where the pointer or the focus goes.
  const [met, setMet] = useState(false)
  if (database === undefined) return null

  const { name, environment, version, port, startedAt } = database
  const live = isLive(database)
  const kind = stateKind(database)
  const href = hrefOf(database)
  const engine = { engine: engines.get(database.engine), name: database.engine, version }
  const names = [
    classes.columns,
    classes.row,
    environment === 'production' && classes.production,
    kind === 'unknown' && classes.unknown,
  ]
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      aria-label={`${name}, ${environmentLabels[environment]}, ${stateLabels[kind]}`}
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
          <NameLink href={href} name={name} />
          <DatabaseReason database={database} kind={kind} job={job} />
        </div>
      </div>
      <div role="cell">
        <EnvironmentMark environment={environment} />
      </div>
      {database.status === 'creating' && job !== undefined ? (
        <>
          <EngineCell {...engine} />
          <DatabaseWork job={job} />
        </>
      ) : (
        <>
          <RowNumbers {...engine} id={id} port={port} live={live} />
          <div role="cell" className={classes.uptime}>
            {live && startedAt !== null ? <Elapsed from={startedAt} to={null} /> : noValue}
          </div>
          {(met || active) && <DatabaseActions database={database} />}
        </>
      )}
    </div>
  )
})

const NameLink = memo(function NameLink({ href, name }: { href: string; name: string }) {
  return (
    <Link href={href} className={classes.link ?? ''} tabIndex={-1}>
      {name}
    </Link>
  )
})
