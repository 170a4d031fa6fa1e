import { memo } from 'react'
import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type { EngineInfo } from '../../../shared/contract/engines.ts'
import { noValue } from '../../lib/format.ts'
import { useOfStats } from '../../lib/live-stats.ts'
import { EngineIcon } from '../../ui/EngineIcon.tsx'
import { serverVersion } from './latest-stats.ts'
import { StatCells } from './StatCells.tsx'
import classes from './DatabaseList.module.css'

interface EngineCellProps {
  engine: EngineInfo | undefined
  /** What it is called where nothing else is known of it. */
  name: string
  version: string
}

/** What a database runs on. */
export function EngineCell({ engine, name, version }: EngineCellProps) {
  return (
    <div role="cell" className={classes.engine}>
      <EngineIcon path={engine?.icon} />
      <span className={classes.ellipsis}>
        <span className={classes.strong}>{engine?.label ?? name}</span> {version}
      </span>
    </div>
  )
}

interface RowNumbersProps extends EngineCellProps {
  id: DatabaseId
  port: number | null
  live: boolean
}

/** The cells of a row that its state does not change, so that they are not drawn anew with it. */
export const RowNumbers = memo(function RowNumbers(props: RowNumbersProps) {
  const { id, port, live, version, ...engine } = props
  const exact = useOfStats(id, serverVersion)
  return (
    <>
      <EngineCell {...engine} version={exact ?? version} />
      <div role="cell" className={`${classes.right} ${classes.wide}`}>
        {port ?? noValue}
      </div>
      <StatCells id={id} live={live} />
    </>
  )
})
