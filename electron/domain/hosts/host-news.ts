import type { HostId, HostStatus } from '../../../shared/contract/hosts.ts'
import { isAnswering, silenceOf } from '../../../shared/host-status.ts'
import { tellDatabasesOn } from '../databases/database-news.ts'
import type { Publish, Stores } from '../ports.ts'

/**
 * Tells what is new of a host. Its databases are told of only where they are shown differently for it:
 * it is probed every few seconds, and each time all of them would be read again.
 */
export function hostNews(
  deps: { stores: Pick<Stores, 'databases'>; publish: Publish },
  hostId: HostId,
): (status: HostStatus) => void {
  let told: string | undefined
  return (status) => {
    deps.publish({ type: 'changed', topic: 'hosts' })
    const shown = `${isAnswering(status)} ${silenceOf('', status)}`
    if (shown === told) return
    told = shown
    try {
      tellDatabasesOn(deps, hostId)
    } catch {
      // Whoever shows them finds out by itself that the records can't be read; the host's life goes on.
      deps.publish({ type: 'changed', topic: 'databases' })
    }
  }
}
