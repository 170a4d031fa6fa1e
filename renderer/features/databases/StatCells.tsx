import type { DatabaseStats } from '../../../shared/contract/databases.ts'
import {
  formatBytes,
  formatBytesOf,
  formatCount,
  formatPercent,
  noValue,
} from '../../lib/format.ts'
import { Meter } from '../../ui/Meter.tsx'
import classes from './DatabaseList.module.css'

/** The live numbers of a row. A size once known is kept; what is only true now becomes “–”. */
export function StatCells({ stats, live }: { stats: DatabaseStats | undefined; live: boolean }) {
  const now = live ? stats : undefined
  const cpu = now?.cpuPercent ?? null
  const wide = `${classes.right} ${classes.wide}`
  return (
    <>
      <div role="cell" className={classes.right}>
        {stats === undefined ? (
          noValue
        ) : (
          <span className={classes.strong}>{formatBytes(stats.sizeBytes)}</span>
        )}
      </div>
      <div role="cell" className={classes.right}>
        {now === undefined
          ? noValue
          : `${formatCount(now.connections)} / ${formatCount(now.maxConnections)}`}
      </div>
      <div role="cell" className={wide}>
        {cpu === null ? noValue : <span className={classes.strong}>{formatPercent(cpu)}</span>}
      </div>
      <div role="cell" className={classes.wide}>
        <Memory stats={now} />
      </div>
    </>
  )
}

function Memory({ stats }: { stats: DatabaseStats | undefined }) {
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
