import type { ReactNode } from 'react'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { isLive } from '../../lib/database-state.ts'
import { formatBytes, formatCount, formatLimit, formatPercent, noValue } from '../../lib/format.ts'
import { Meter } from '../../ui/Meter.tsx'
import { useStats } from '../../lib/live-stats.ts'
import { useStatsAge } from '../../lib/stats-age.ts'
import { DatabaseCharts } from './DatabaseCharts.tsx'
import { latestStats } from './latest-stats.ts'
import classes from './DatabasePage.module.css'

/** How a running database is doing now. What is only true now is “–” where the last is too old. */
export function DatabaseNumbers({ database }: { database: DatabaseView }) {
  const live = isLive(database)
  const samples = useStats(database.id, { how: 'close', enabled: live })
  const age = useStatsAge(samples, 'close')
  if (!live) {
    // What was last seen stays, and says how old it is.
    const remembered = database.status === 'unknown' && samples.length > 0
    return remembered ? <DatabaseCharts samples={samples} /> : null
  }
  const stats = latestStats(samples)
  const now = age === null ? stats : undefined
  const cpu = now?.cpuPercent ?? null
  const memory = now?.memoryBytes ?? null
  const limit = stats?.memoryLimitBytes ?? null
  const connections = now?.connections ?? null
  const most = stats?.maxConnections ?? null
  return (
    <>
      <section className={classes.strip} aria-label={age ?? 'Now'} title={age ?? undefined}>
        <Stat label="Size" value={said(stats?.sizeBytes, formatBytes)} />
        <Stat
          label="Connections"
          value={said(connections, formatCount)}
          more={most === null ? undefined : `of ${formatCount(most)}`}
        >
          {connections !== null && most !== null && (
            <Meter part={connections} whole={most} label="Connections" />
          )}
        </Stat>
        <Stat label="CPU of one core" value={said(cpu, formatPercent)} />
        <Stat
          label="Memory"
          value={said(memory, formatBytes)}
          more={limit === null ? undefined : `of ${formatLimit(limit)}`}
        >
          {memory !== null && limit !== null && (
            <Meter part={memory} whole={limit} label="Memory" />
          )}
        </Stat>
      </section>
      <DatabaseCharts samples={samples} />
    </>
  )
}

function said(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? noValue : format(value)
}

function Stat(props: {
  label: string
  value: string
  more?: string | undefined
  children?: ReactNode
}) {
  return (
    <div className={classes.stat}>
      <div className={classes.statLabel}>{props.label}</div>
      <div className={classes.statValue}>
        {props.value}{' '}
        {props.more !== undefined && <span className={classes.small}>{props.more}</span>}
      </div>
      {props.children}
    </div>
  )
}
