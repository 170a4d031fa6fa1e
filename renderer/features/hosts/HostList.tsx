import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useLocation } from 'wouter'
import type { HostView } from '../../../shared/contract/hosts.ts'
import { isAnswering } from '../../../shared/host-status.ts'
import { formatCount, formatDuration, noValue } from '../../lib/format.ts'
import { connectionLine, hostStateKind, hostStateLabel } from '../../lib/host-state.ts'
import { moveFocus } from '../../lib/list-keys.ts'
import { Age, Since } from '../../ui/Age.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { LoadingRows } from '../../ui/LoadingRows.tsx'
import { Page, PageHeader } from '../../ui/Page.tsx'
import { StateDot } from '../../ui/StateDot.tsx'
import { sizeLine, systemLine } from './host-facts.ts'
import { hostsQuery, useKeptFacts } from './queries.ts'
import classes from './HostList.module.css'

/** All hosts with their state. */
export function HostList() {
  const [, navigate] = useLocation()
  const hosts = useQuery(hostsQuery)
  const add = (
    <Button
      variant="filled"
      leftSection={<IconPlus stroke={1.6} />}
      onClick={() => {
        navigate('/hosts/new')
      }}
    >
      Add host
    </Button>
  )
  const empty = hosts.data?.length === 0
  return (
    <Page
      header={<PageHeader title="Hosts" actions={empty ? undefined : add} />}
      padded={hosts.isError}
    >
      {hosts.isError && <ErrorBox error={hosts.error} />}
      {hosts.isPending && <LoadingRows />}
      {empty && (
        <EmptyState title="No hosts yet" action={add}>
          A host is a machine with Docker: a server over SSH, or this computer. Databases run there.
        </EmptyState>
      )}
      {hosts.data !== undefined && !empty && (
        <div
          role="table"
          aria-label="Hosts"
          className={classes.table}
          onKeyDown={(event) => {
            moveFocus(event, '[role="row"][tabindex]')
          }}
        >
          <div role="row" className={classes.head}>
            <span role="columnheader" className={classes.first}>
              Name
            </span>
            <span role="columnheader">Reached by</span>
            <span role="columnheader">System</span>
            <span role="columnheader" className={classes.number}>
              Databases
            </span>
            <span role="columnheader" className={classes.number}>
              Round trip
            </span>
          </div>
          {hosts.data.map((host) => (
            <HostRow key={host.id} host={host} />
          ))}
        </div>
      )}
    </Page>
  )
}

function HostRow({ host }: { host: HostView }) {
  const { status } = host
  const facts = useKeptFacts(host)
  return (
    <Link
      href={`/hosts/${host.id}`}
      role="row"
      tabIndex={0}
      aria-label={`${host.name}, ${hostStateLabel(host)}`}
      className={classes.row ?? ''}
    >
      <span role="cell" className={classes.name}>
        <StateDot kind={hostStateKind(host)} label={hostStateLabel(host)} />
        <span className={classes.nameText}>
          {host.name}
          <HostReason host={host} />
        </span>
      </span>
      <span role="cell" className={classes.cell}>
        {connectionLine(host.connection)}
      </span>
      <span role="cell" className={classes.cell}>
        {systemLine(host, facts) ?? noValue}
        {facts !== undefined && (
          <span className={classes.second}>
            {!isAnswering(status) && (
              <>
                As of <Age at={facts.at} />:{' '}
              </>
            )}
            {sizeLine(facts)}
          </span>
        )}
      </span>
      <span role="cell" className={classes.number}>
        {formatCount(host.databases)}
      </span>
      <span role="cell" className={classes.number}>
        {status.latencyMs === null ? noValue : formatDuration(status.latencyMs)}
      </span>
    </Link>
  )
}

function HostReason({ host }: { host: HostView }) {
  const { state, since, limits, error, touch } = host.status
  if (touch) return <span className={classes.second}>{hostStateLabel(host)}</span>
  switch (state) {
    case 'ready':
      return null
    case 'connecting':
      return <span className={classes.second}>{hostStateLabel(host)}</span>
    case 'degraded':
      return <span className={classes.second}>{limits[0] ?? error?.message ?? 'Answers late'}</span>
    case 'lost':
      return (
        <span className={classes.second}>
          Unknown since <Since at={since} />
        </span>
      )
    case 'refused':
    case 'key-changed':
      return <span className={classes.second}>{error?.message ?? hostStateLabel(host)}</span>
  }
}
