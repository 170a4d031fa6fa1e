import type { DatabaseView } from '../../../shared/contract/databases.ts'
import type { HostId, HostStatus } from '../../../shared/contract/hosts.ts'
import { silenceOf } from '../../../shared/host-status.ts'
import type { DatabaseRecord, Stores } from '../ports.ts'
import type { LiveView } from './live.ts'
import { viewDatabase } from './view-database.ts'

/** What is known of databases beside their records. */
export interface Knowledge {
  live: Pick<LiveView, 'stateOf' | 'lastHeard'>
  /** Undefined for a host that nobody has connected to yet. */
  statusOf(hostId: HostId): Pick<HostStatus, 'state' | 'error'> | undefined
}

/** What is known before any host was asked: what the records say. */
export const fromRecordsAlone: Knowledge = {
  live: { stateOf: () => null, lastHeard: ({ lastKnown }) => lastKnown?.at ?? null },
  statusOf: () => undefined,
}

/** Databases as their faces show them, in the order of the records. */
export function viewDatabases(
  stores: Pick<Stores, 'hosts' | 'jobs'>,
  records: readonly DatabaseRecord[],
  { live, statusOf }: Knowledge,
): DatabaseView[] {
  // Of several the one that comes first counts: it is set last.
  // A backup goes on beside what its database does; it is no state of it.
  const active = stores.jobs
    .active()
    .filter((job) => job.queue === 'provisioning')
    .toReversed()
  const jobOf = new Map(active.map((job) => [job.databaseId, job.id]))
  const names = new Map(stores.hosts.list().map((host) => [host.id, host.name]))
  return records.map((record) => {
    const hostName = names.get(record.hostId) ?? ''
    const status = statusOf(record.hostId)
    return viewDatabase({
      record,
      hostName,
      live: live.stateOf(record),
      silence: status === undefined ? null : silenceOf(hostName, status),
      lastHeard: live.lastHeard(record),
      jobId: jobOf.get(record.id) ?? null,
    })
  })
}
