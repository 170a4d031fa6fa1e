import { Link } from 'wouter'
import type { HostView } from '../../shared/contract/hosts.ts'
import { formatDuration, plural } from '../lib/format.ts'
import { hostStateKind, hostStateLabel } from '../lib/host-state.ts'
import { Since } from '../ui/Age.tsx'
import { StateDot } from '../ui/StateDot.tsx'
import classes from './Sidebar.module.css'

/** A host in the sidebar: its state, its name, and what is to be known at a glance. */
export function HostLink({ host }: { host: HostView }) {
  const lost = host.status.state === 'lost'
  return (
    <Link href={`/hosts/${host.id}`} className={classes.host ?? ''}>
      <StateDot kind={hostStateKind(host)} label={hostStateLabel(host)} />
      <span className={`${classes.hostName} ${lost ? classes.quiet : ''}`}>{host.name}</span>
      <HostFact host={host} />
    </Link>
  )
}

function HostFact({ host }: { host: HostView }) {
  const { state, since, latencyMs, touch } = host.status
  if (touch) return <span className={`${classes.hostFact} ${classes.warn}`}>touch your key</span>
  switch (state) {
    case 'ready':
      return (
        <span className={classes.hostFact}>
          {latencyMs === null ? '' : formatDuration(latencyMs)}
        </span>
      )
    case 'degraded':
      return (
        <span className={`${classes.hostFact} ${classes.warn}`}>{degradedWords(host.status)}</span>
      )
    case 'lost':
      return (
        <span className={classes.hostFact}>
          unknown, <Since at={since} />
        </span>
      )
    case 'connecting':
      return <span className={classes.hostFact}>connecting</span>
    case 'refused':
      return <span className={`${classes.hostFact} ${classes.warn}`}>needs you</span>
    case 'key-changed':
      return <span className={`${classes.hostFact} ${classes.fail}`}>key changed</span>
  }
}

function degradedWords({ error, limits }: HostView['status']): string {
  if (error !== null) return 'needs a look'
  return limits.length === 0 ? 'slow' : plural(limits.length, 'limit')
}
