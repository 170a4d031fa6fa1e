import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type { HostId } from '../../../shared/contract/hosts.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { refuseUnusable } from '../databases/new-database.ts'
import type { Host, HostRecord, Stores } from '../ports.ts'

interface TestHostDeps {
  stores: Pick<Stores, 'hosts' | 'databases'>
  registry: { record(id: HostId): HostRecord; get(id: HostId): Pick<Host, 'status'> }
}

/**
 * Where a copy is proven: on the host that was chosen, else on that of its database. A database in the
 * trash still has one; one that is gone, or was another installation's, has none.
 * @throws QuaysideError `invalid_input` where a host has to be chosen, `not_found` where there is none,
 * and what makes a host unusable until the user has seen to it
 */
export function testRestoreHost(
  deps: TestHostDeps,
  database: { id: DatabaseId; name: string },
  chosen: HostId | undefined,
): HostRecord {
  const { stores, registry } = deps
  const hostId = chosen ?? stores.databases.get(database.id)?.hostId
  if (hostId === undefined) throw noneKnown(database.name, stores.hosts.list())
  const host = registry.record(hostId)
  refuseUnusable(deps, { hostId })
  return host
}

function noneKnown(name: string, hosts: readonly HostRecord[]): QuaysideError {
  const field = 'hostId'
  return hosts.length === 0
    ? new QuaysideError('not_found', 'There is no host to test this backup on.', {
        hint: 'Add one that has Docker, and room for three times the dump. Nothing stays on it.',
        field,
      })
    : new QuaysideError('invalid_input', 'Say on which host this backup is to be tested.', {
        hint: `${name} itself is not here. Choose one of: ${hosts.map((host) => host.name).join(', ')}.`,
        field,
      })
}
