import type { HostConnection, HostView } from '../../shared/contract/hosts.ts'
import type { StateKind } from '../ui/StateDot.tsx'

const kinds: Readonly<Record<HostView['status']['state'], StateKind>> = {
  connecting: 'working',
  ready: 'running',
  degraded: 'attention',
  lost: 'unknown',
  refused: 'attention',
  'key-changed': 'failed',
}

const labels: Readonly<Record<HostView['status']['state'], string>> = {
  connecting: 'Connecting',
  ready: 'Ready',
  degraded: 'Needs a look',
  lost: 'Unknown',
  refused: 'Needs you',
  'key-changed': 'Host key changed',
}

const touchLabel = 'Touch your security key'

/** The shape a host's state is shown in. */
export function hostStateKind(host: HostView): StateKind {
  return kinds[host.status.state]
}

/** A host's state in words. */
export function hostStateLabel(host: HostView): string {
  return host.status.touch ? touchLabel : labels[host.status.state]
}

/** True where the way to a host is worth walking step by step: what is wrong is not what was meant. */
export function needsFindingOut({ status }: HostView): boolean {
  const { state, error } = status
  return state === 'lost' || state === 'refused' || (state === 'degraded' && error !== null)
}

/** How a host is reached, in one line: `root@203.0.113.24`, with the port when it is not 22. */
export function connectionLine(connection: HostConnection): string {
  switch (connection.kind) {
    case 'ssh': {
      const port = connection.port === 22 ? '' : `:${connection.port}`
      return `${connection.user}@${connection.address}${port}`
    }
    case 'ssh-config':
      return `${connection.alias} in SSH config`
    case 'local':
      return 'This computer'
  }
}
