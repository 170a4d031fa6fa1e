import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { Link } from 'wouter'
import type { DatabaseId, DatabaseView } from '../../../shared/contract/databases.ts'
import { isLive } from '../../lib/database-state.ts'
import {
  formatBytes,
  formatBytesOf,
  formatCount,
  formatPercent,
  noValue,
} from '../../lib/format.ts'
import { useListItem } from '../../lib/list-items-of.ts'
import { useStats } from '../../lib/live-stats.ts'
import { useStatsAge } from '../../lib/stats-age.ts'
import { Elapsed } from '../../ui/Age.tsx'
import { CopyButton, CopyIcon } from '../../ui/CopyButton.tsx'
import { EngineIcon } from '../../ui/EngineIcon.tsx'
import { EnvironmentMark } from '../../ui/EnvironmentMark.tsx'
import { FactRow, Facts } from '../../ui/Facts.tsx'
import { TextButton } from '../../ui/TextButton.tsx'
import { enginesQuery } from '../engines/queries.ts'
import { DatabaseStateLine } from './DatabaseStateLine.tsx'
import { hrefOf } from './href.ts'
import { latestStats } from './latest-stats.ts'
import { copySecret } from './mutations.ts'
import { databaseItems } from './queries.ts'
import { useToggleTunnel } from './use-toggle-tunnel.ts'
import classes from './DatabasePanel.module.css'

/** One database beside the list: how it is, how to connect, and its numbers, without leaving the list. */
export function DatabasePanel({ id }: { id: DatabaseId }) {
  const database = useListItem(databaseItems, id)
  return database === undefined ? null : <Panel database={database} />
}

function Panel({ database }: { database: DatabaseView }) {
  const title = useId()
  const engine = useQuery(enginesQuery).data?.find((each) => each.id === database.engine)
  const live = isLive(database)
  return (
    <section aria-labelledby={title} className={classes.panel}>
      <div className={classes.head}>
        <EngineIcon path={engine?.icon} size={22} />
        <h2 id={title} className={classes.title}>
          {database.name}
        </h2>
        <EnvironmentMark environment={database.environment} />
      </div>
      <div className={classes.state}>
        <DatabaseStateLine database={database} />
      </div>
      {live && (
        <div className={classes.copies}>
          <CopyButton size="xs" copy={copySecret(database.id, 'url')} label="Copy URL" />
          <CopyButton size="xs" copy={copySecret(database.id, 'env')} label="Copy .env line" />
          <CopyButton size="xs" copy={copySecret(database.id, 'password')} label="Copy password" />
        </div>
      )}
      <Way database={database} />
      {live && <Numbers database={database} />}
      <Facts title="Database">
        <FactRow label="Engine">{engine?.label ?? database.engine}</FactRow>
        <FactRow label="Host">
          <Link href={`/hosts/${database.hostId}`}>{database.hostName}</Link>
        </FactRow>
        <FactRow label="Port">{database.port ?? noValue}</FactRow>
        {live && database.startedAt !== null && (
          <FactRow label="Runs for">
            <Elapsed from={database.startedAt} to={null} />
          </FactRow>
        )}
        <FactRow
          label="Container"
          stacked
          mono
          action={<CopyIcon copy={database.containerName} label="Copy container name" />}
        >
          {database.containerName}
        </FactRow>
      </Facts>
      <Link href={hrefOf(database)} className={classes.open ?? ''}>
        Open {database.name}
      </Link>
    </section>
  )
}

/** The tunnel, where the way leads through one; looking alone opens none. */
function Way({ database }: { database: DatabaseView }) {
  const { tunnelOf, canToggle, toggle } = useToggleTunnel()
  if (!canToggle(database)) return null
  const tunnel = tunnelOf(database)
  const address = tunnel === undefined ? undefined : `127.0.0.1:${tunnel.localPort}`
  return (
    <Facts title="Tunnel">
      <FactRow
        label={address === undefined ? 'Closed' : 'Open on'}
        action={
          tunnel?.elsewhere !== true && (
            <TextButton
              onClick={() => {
                toggle(database)
              }}
            >
              {address === undefined ? 'Open tunnel' : 'Close tunnel'}
            </TextButton>
          )
        }
      >
        {address !== undefined && <span className="mono selectable">{address}</span>}
      </FactRow>
      {tunnel?.elsewhere === true && (
        <FactRow label="Held by">a Quayside command, which alone can close it</FactRow>
      )}
    </Facts>
  )
}

function Numbers({ database }: { database: DatabaseView }) {
  const samples = useStats(database.id, { how: 'close', enabled: true })
  const stats = latestStats(samples)
  const age = useStatsAge(samples, 'close')
  const said = (value: number | null | undefined, format: (value: number) => string) =>
    value === null || value === undefined ? noValue : format(value)
  const memory = stats?.memoryBytes ?? null
  const limit = stats?.memoryLimitBytes ?? null
  const most = stats?.maxConnections ?? null
  return (
    <Facts title={age ?? 'Now'}>
      <FactRow label="Size">{said(stats?.sizeBytes, formatBytes)}</FactRow>
      <FactRow label="Connections">
        {said(stats?.connections, formatCount)}
        {most !== null && ` of ${formatCount(most)}`}
      </FactRow>
      <FactRow label="CPU">{said(stats?.cpuPercent, formatPercent)}</FactRow>
      <FactRow label="Memory">
        {memory !== null && limit !== null
          ? formatBytesOf(memory, limit, ' / ')
          : said(memory, formatBytes)}
      </FactRow>
    </Facts>
  )
}
