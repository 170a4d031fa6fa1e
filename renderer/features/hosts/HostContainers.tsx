import type { HostContainer } from '../../../shared/contract/host-look.ts'
import type { HostView } from '../../../shared/contract/hosts.ts'
import { plural } from '../../lib/format.ts'
import { Disclosure } from '../../ui/Disclosure.tsx'
import { StateDot, type StateKind } from '../../ui/StateDot.tsx'
import { useHostFacts } from './queries.ts'
import classes from './HostPage.module.css'

/** The containers on a host that are not Quayside's databases. */
export function HostContainers({ host }: { host: HostView }) {
  const { facts, old } = useHostFacts(host)
  const others = facts?.containers.filter(({ databaseId }) => databaseId === null)
  if (others === undefined || others.length === 0) return null
  return (
    <Disclosure title="Other containers" aside={plural(others.length, 'container')} open>
      {others.map((container) => (
        <div key={container.id} className={classes.container}>
          <StateDot
            kind={old ? 'unknown' : kindOf(container)}
            label={old ? 'unknown' : container.state}
          />
          <span className={classes.containerName}>{container.name}</span>
          <span className={classes.containerImage}>{container.image}</span>
          <span className={classes.databaseFact}>{portsOf(container)}</span>
        </div>
      ))}
    </Disclosure>
  )
}

function kindOf({ state }: HostContainer): StateKind {
  if (state === 'running') return 'running'
  return state === 'restarting' || state === 'dead' ? 'attention' : 'stopped'
}

function portsOf({ state, statusText, published }: HostContainer): string {
  if (state !== 'running') return statusText
  const ports = [...new Set(published.map(({ port }) => port))]
  return ports.length === 0 ? '' : `${ports.length === 1 ? 'port' : 'ports'} ${ports.join(', ')}`
}
