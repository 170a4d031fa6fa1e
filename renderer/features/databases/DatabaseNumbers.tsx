import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { isLive } from '../../lib/database-state.ts'
import { formatBytes, formatCount, formatLimit, formatPercent, noValue } from '../../lib/format.ts'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { Meter } from '../../ui/Meter.tsx'
import { statsQuery } from './queries.ts'
import classes from './DatabasePage.module.css'

/** How a running database is doing now. */
export function DatabaseNumbers({ database }: { database: DatabaseView }) {
  const live = isLive(database)
  const query = useQuery({ ...statsQuery(database.id), enabled: live })
  if (!live) return null
  if (query.isError && query.data === undefined) {
    return (
      <div className={classes.section}>
        <ErrorBox
          error={query.error}
          actions={
            <Button size="xs" onClick={() => void query.refetch()}>
              Try again
            </Button>
          }
        />
      </div>
    )
  }
  const stats = query.data
  const cpu = stats?.cpuPercent ?? null
  const memory = stats?.memoryBytes ?? null
  const limit = stats?.memoryLimitBytes ?? null
  return (
    <section className={classes.strip} aria-label="Now">
      <Stat label="Size" value={stats === undefined ? noValue : formatBytes(stats.sizeBytes)} />
      <Stat
        label="Connections"
        value={stats === undefined ? noValue : formatCount(stats.connections)}
        more={stats === undefined ? undefined : `of ${formatCount(stats.maxConnections)}`}
      >
        {stats !== undefined && (
          <Meter part={stats.connections} whole={stats.maxConnections} label="Connections" />
        )}
      </Stat>
      <Stat label="CPU of one core" value={cpu === null ? noValue : formatPercent(cpu)} />
      <Stat
        label="Memory"
        value={memory === null ? noValue : formatBytes(memory)}
        more={limit === null ? undefined : `of ${formatLimit(limit)}`}
      >
        {memory !== null && limit !== null && <Meter part={memory} whole={limit} label="Memory" />}
      </Stat>
    </section>
  )
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
