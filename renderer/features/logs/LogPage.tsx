import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useMemo, useState } from 'react'
import type { DatabaseId, DatabaseView } from '../../../shared/contract/databases.ts'
import { mostLogLines } from '../../../shared/contract/logs.ts'
import { stateKind, stateLabels } from '../../lib/database-state.ts'
import { EnvironmentMark } from '../../ui/EnvironmentMark.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { LoadingRows } from '../../ui/LoadingRows.tsx'
import { Page, PageHeader } from '../../ui/Page.tsx'
import { PageWithout } from '../../ui/PageWithout.tsx'
import { StateDot } from '../../ui/StateDot.tsx'
import { databasesQuery } from '../databases/queries.ts'
import { DownloadLog } from './DownloadLog.tsx'
import { filterLines, findLines, type LogFilter } from './log-lines.ts'
import { LogBar } from './LogBar.tsx'
import { LogLines } from './LogLines.tsx'
import { useLog, type FollowedLog } from './use-log.ts'
import classes from './Logs.module.css'

/** What a database's server writes, live. */
export function LogPage({ id }: { id: DatabaseId }) {
  const databases = useQuery(databasesQuery)
  const database = databases.data?.find((each) => each.id === id)
  if (database !== undefined) return <LoadedLog database={database} />
  return (
    <PageWithout
      title="Log"
      back="/databases"
      query={databases}
      gone="This database is not here any more"
    >
      It was purged, or its creation was taken back. Activity tells what happened.
    </PageWithout>
  )
}

const all: LogFilter = { streams: new Set(), levels: new Set() }

function StateOf({ database }: { database: DatabaseView }) {
  const kind = stateKind(database)
  return (
    <>
      <StateDot kind={kind} label={stateLabels[kind]} />
      <span role="status">
        {stateLabels[kind]} on {database.hostName}
      </span>
    </>
  )
}

function LoadedLog({ database }: { database: DatabaseView }) {
  const [attempt, setAttempt] = useState(0)
  const log = useLog(database.id, attempt)
  const [filter, setFilter] = useState(all)
  const [text, setText] = useState('')
  const search = useDeferredValue(text)
  const [wrap, setWrap] = useState(true)
  const lines = useMemo(() => filterLines(log.lines, filter), [log.lines, filter])
  const found = useMemo(() => findLines(lines, search), [lines, search])
  // By its number: places move while lines come and go.
  const [stands, setStands] = useState<number | null>(null)
  const at = found.findIndex((place) => lines[place]?.n === stands)
  const step = (by: 1 | -1) => {
    if (found.length === 0) return
    // The newest is the first to look at.
    const next = at === -1 ? found.length - 1 : (at + by + found.length) % found.length
    setStands(lines[found[next] ?? 0]?.n ?? null)
  }
  return (
    <Page
      padded={false}
      production={database.environment === 'production'}
      header={
        <PageHeader
          title={`${database.name} log`}
          back={`/databases/${database.id}`}
          mark={<EnvironmentMark environment={database.environment} />}
          subtitle={<StateOf database={database} />}
          actions={<DownloadLog database={database} />}
        />
      }
    >
      <div className={classes.page}>
        <LogBar
          text={text}
          onText={(next) => {
            setText(next)
            setStands(null)
          }}
          found={found.length}
          at={at}
          onStep={step}
          filter={filter}
          onFilter={setFilter}
          full={log.lines.length >= mostLogLines}
          wrap={wrap}
          onWrap={setWrap}
        />
        <LogState log={log} onRetry={() => setAttempt(attempt + 1)} />
        {lines.length === 0 ? (
          <Nothing log={log} />
        ) : (
          <LogLines
            lines={lines}
            search={search}
            current={at === -1 ? null : (found[at] ?? null)}
            wrap={wrap}
          />
        )}
      </div>
    </Page>
  )
}

/** Why nothing new comes. */
function LogState({ log, onRetry }: { log: FollowedLog; onRetry: () => void }) {
  if (log.failure !== null) {
    return (
      <div className={classes.failure}>
        <ErrorBox error={log.failure} actions={<Button onClick={onRetry}>Try again</Button>} />
      </div>
    )
  }
  if (log.state === 'waiting') {
    return (
      <div className={classes.notice} role="status">
        {log.error?.message ?? 'The host does not answer.'} The log goes on by itself, without a
        gap.
      </div>
    )
  }
  if (log.state === 'stopped') {
    return (
      <div className={classes.notice} role="status">
        The server does not run. This is what it wrote until then.
      </div>
    )
  }
  return null
}

function Nothing({ log }: { log: FollowedLog }) {
  if (log.failure !== null) return null
  if (log.state === 'opening') return <LoadingRows />
  return (
    <div className={classes.nothing}>
      {log.lines.length > 0 ? 'No line fits.' : 'Nothing is written yet.'}
    </div>
  )
}
