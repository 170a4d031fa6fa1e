import type { HostView } from '../../../shared/contract/hosts.ts'
import { plural } from '../../lib/format.ts'
import { connectionLine, hostStateKind, hostStateLabel } from '../../lib/host-state.ts'
import { Since } from '../../ui/Age.tsx'
import { OptionDot } from '../../ui/OptionCard.tsx'
import { StateDot } from '../../ui/StateDot.tsx'
import { canCreateOn } from './use-create-form.ts'
import classes from './CreateDatabase.module.css'

/** The hosts as a table of which one row is chosen; one that does not answer can't be. */
export function HostChoice(props: {
  hosts: readonly HostView[]
  chosen: string
  onChoose: (id: string) => void
}) {
  return (
    <div role="radiogroup" aria-label="Host" className={classes.hosts}>
      {props.hosts.map((host) => (
        <label key={host.id} className={classes.host}>
          <OptionDot
            name="host"
            label={host.name}
            checked={props.chosen === host.id}
            disabled={!canCreateOn(host.status.state)}
            onChoose={() => {
              props.onChoose(host.id)
            }}
          />
          <StateDot kind={hostStateKind(host)} label={hostStateLabel(host)} />
          <span className={`${classes.hostName} ${classes.ellipsis}`}>{host.name}</span>
          <span className={`${classes.cell} ${classes.address}`}>
            {connectionLine(host.connection)}
          </span>
          <span className={classes.cell}>
            <HostFact host={host} />
          </span>
        </label>
      ))}
    </div>
  )
}

function HostFact({ host }: { host: HostView }) {
  const { state, since, dockerVersion } = host.status
  switch (state) {
    case 'ready':
    case 'degraded':
      return (
        <>
          {plural(host.databases, 'database')}
          {dockerVersion !== null && `, Docker ${dockerVersion}`}
        </>
      )
    case 'lost':
      return (
        <>
          Unknown since <Since at={since} />. It can be chosen again once it answers.
        </>
      )
    case 'connecting':
      return <>Connecting</>
    case 'refused':
      return <>Needs you before it can be used</>
    case 'key-changed':
      return <>Shows another key. Everything stops there.</>
  }
}
