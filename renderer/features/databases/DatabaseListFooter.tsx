import { Link } from 'wouter'
import type { HostView } from '../../../shared/contract/hosts.ts'
import { formatCount, plural } from '../../lib/format.ts'
import { Until } from '../../ui/Age.tsx'
import { StateDot } from '../../ui/StateDot.tsx'
import { TextButton } from '../../ui/TextButton.tsx'
import { useReconnectHost } from './mutations.ts'
import classes from './DatabaseList.module.css'

/** Counts, and the host that does not answer. */
export function DatabaseListFooter(props: {
  /** How many databases there are. */
  all: number
  /** How many of them the filter lets through. */
  shown: number
  hosts: readonly HostView[]
}) {
  const { all, shown, hosts } = props
  const lost = hosts.filter((host) => host.status.state === 'lost')
  return (
    <>
      <span role="status">
        {shown === all
          ? plural(shown, 'database')
          : `${formatCount(shown)} of ${plural(all, 'database')}`}
      </span>
      <span>{plural(hosts.length, 'host')}</span>
      <LostHosts hosts={lost} />
    </>
  )
}

function LostHosts({ hosts }: { hosts: readonly HostView[] }) {
  const reconnect = useReconnectHost()
  const [first] = hosts
  if (first === undefined) return null
  const { nextTry } = first.status
  return (
    <span className={classes.footerHost} role="status">
      <StateDot kind="unknown" label="Unknown" />
      {hosts.length === 1
        ? `${first.name} does not answer.`
        : `${plural(hosts.length, 'host')} do not answer.`}
      {nextTry !== null && (
        <span>
          Next try in <Until at={nextTry} />.
        </span>
      )}
      <TextButton
        onClick={() => {
          for (const host of hosts) reconnect.mutate({ id: host.id })
        }}
      >
        Try now
      </TextButton>
      <Link href={`/hosts/${first.id}/diagnosis`} className={classes.why ?? ''}>
        Find out why
      </Link>
    </span>
  )
}
