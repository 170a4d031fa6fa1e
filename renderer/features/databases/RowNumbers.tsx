import { useQuery } from '@tanstack/react-query'
import { memo, useEffect, useState } from 'react'
import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type { EngineInfo } from '../../../shared/contract/engines.ts'
import { noValue } from '../../lib/format.ts'
import { EngineIcon } from '../../ui/EngineIcon.tsx'
import { statsQuery } from './queries.ts'
import { StatCells } from './StatCells.tsx'
import classes from './DatabaseList.module.css'

/** A row that is scrolled past is not worth asking the engine for, milliseconds. */
const settleMs = 150

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

/**
 * The cells of a row that its state does not change, so that they are not drawn anew with it. The
 * numbers are read only while the row stands on the screen.
 */
export const RowNumbers = memo(function RowNumbers(props: RowNumbersProps) {
  const { id, port, live, version, ...engine } = props
  const settled = useSettled()
  const stats = useQuery({ ...statsQuery(id), enabled: live && settled }).data
  return (
    <>
      <EngineCell {...engine} version={stats?.serverVersion ?? version} />
      <div role="cell" className={`${classes.right} ${classes.wide}`}>
        {port ?? noValue}
      </div>
      <StatCells id={id} stats={stats} live={live} />
    </>
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
