import { useMemo } from 'react'
import type { DatabaseId } from '../../../shared/contract/databases.ts'
import {
  formatBytes,
  formatBytesOf,
  formatCount,
  formatPercent,
  noValue,
} from '../../lib/format.ts'
import { useStats } from '../../lib/live-stats.ts'
import { useStatsAge } from '../../lib/stats-age.ts'
import { Meter } from '../../ui/Meter.tsx'
import { Sparkline } from '../../ui/Sparkline.tsx'
import { latestStats, type LatestStats } from './latest-stats.ts'
import classes from './DatabaseList.module.css'

interface StatCellsProps {
  id: DatabaseId
  live: boolean
}

/**
 * The live numbers of a row. A size once known is kept; what is only true now becomes “–” once it is
 * not, and says on hover how old the last is.
 */
export function StatCells({ id, live }: StatCellsProps) {
  const samples = useStats(id, { how: 'inView', enabled: live })
  const points = useMemo(
    () => samples.map(({ at, cpuPercent }) => ({ at, value: cpuPercent })),
    [samples],
  )
  const latest = latestStats(samples)
  const age = useStatsAge(samples, 'inView')
  const now = live && age === null ? latest : undefined
  const old = live && age !== null ? age : undefined
  const size = latest?.sizeBytes ?? null
  const cpu = now?.cpuPercent ?? null
  const wide = `${classes.right} ${classes.wide}`
  return (
    <>
      <div role="cell" className={classes.right}>
        {size === null ? noValue : <span className={classes.strong}>{formatBytes(size)}</span>}
      </div>
      <div role="cell" className={classes.right} title={old}>
        <Connections stats={now} />
      </div>
      <div role="cell" className={wide} title={old}>
        {cpu === null ? (
          noValue
        ) : (
          <span className={classes.cpu}>
            <Sparkline points={points} top={10} label="CPU, the last minutes" />
            <span className={classes.strong}>{formatPercent(cpu)}</span>
          </span>
        )}
      </div>
      <div role="cell" className={classes.wide} title={old}>
        <Memory stats={now} />
      </div>
    </>
  )
}

function Connections({ stats }: { stats: LatestStats | undefined }) {
  const connections = stats?.connections ?? null
  const most = stats?.maxConnections ?? null
  if (connections === null) return <>{noValue}</>
  return <>{most === null ? connections : `${formatCount(connections)} / ${formatCount(most)}`}</>
}

function Memory({ stats }: { stats: LatestStats | undefined }) {
  const memoryBytes = stats?.memoryBytes ?? null
  const memoryLimitBytes = stats?.memoryLimitBytes ?? null
  if (memoryBytes === null) return <>{noValue}</>
  if (memoryLimitBytes === null) return <>{formatBytes(memoryBytes)}</>
  return (
    <div className={classes.memory}>
      <span className={classes.strong}>{formatBytesOf(memoryBytes, memoryLimitBytes, ' / ')}</span>
      <Meter part={memoryBytes} whole={memoryLimitBytes} label="Memory" />
    </div>
  )
}
