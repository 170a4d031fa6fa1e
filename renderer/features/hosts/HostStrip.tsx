import type { ReactNode } from 'react'
import type { HostView } from '../../../shared/contract/hosts.ts'
import { formatDuration, noValue, plural } from '../../lib/format.ts'
import { hostStateLabel } from '../../lib/host-state.ts'
import { Age, Since } from '../../ui/Age.tsx'
import classes from './HostPage.module.css'

/** The numbers of a host at a glance. */
export function HostStrip({ host }: { host: HostView }) {
  const { status } = host
  return (
    <div className={classes.strip}>
      <Stat label="State" more={<Since at={status.since} />}>
        {hostStateLabel(host)}
      </Stat>
      <Stat label="Round trip">
        {status.latencyMs === null ? noValue : formatDuration(status.latencyMs)}
      </Stat>
      <Stat label="Docker">{status.dockerVersion ?? noValue}</Stat>
      <Stat label="Last answer">
        {status.lastSeen === null ? 'Never' : <Age at={status.lastSeen} />}
      </Stat>
      <Stat label="Databases">{plural(host.databases, 'database')}</Stat>
    </div>
  )
}

function Stat({ label, more, children }: { label: string; more?: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.stat}>
      <div className={classes.statLabel}>{label}</div>
      <div className={classes.statValue}>
        {children} {more !== undefined && <span className={classes.small}>{more}</span>}
      </div>
    </div>
  )
}
