import type { HostStatus, HostView } from '../../../shared/contract/hosts.ts'
import type { HostRecord, Stores } from '../ports.ts'

/** A host as its faces show it. */
export function viewHost(
  stores: Pick<Stores, 'databases'>,
  record: HostRecord,
  status: HostStatus,
): HostView {
  return { ...record, status, databases: stores.databases.countOn(record.id) }
}
