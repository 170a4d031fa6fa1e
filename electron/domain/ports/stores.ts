import type { HostFacts } from '../../../shared/contract/host-look.ts'
import type { HostId } from '../../../shared/contract/hosts.ts'
import type {
  DestinationStore,
  BackupStore,
  ScheduleStore,
  DestinationLookStore,
  StoredSampleStore,
} from './backup-store.ts'
import type { DatabaseStore } from './database-store.ts'
import type { HostRecord } from './hosts.ts'
import type { JobStore, ProcessStore } from './job-store.ts'
import type { TunnelStore } from './tunnel-store.ts'

export interface HostStore {
  list(): HostRecord[]
  get(id: HostId): HostRecord | null
  /** @throws QuaysideError `name_taken` */
  insert(record: HostRecord): void
  update(id: HostId, change: Partial<Pick<HostRecord, 'dataDirectory'>>): void
  remove(id: HostId): void
}

/** What hosts told of themselves when they were last asked; it goes with its host. */
export interface HostFactsStore {
  list(): { hostId: HostId; facts: HostFacts }[]
  /** When this host was last asked with success, epoch milliseconds. */
  seenAt(hostId: HostId): number | null
  /** In the place of what was known; nothing is kept of a host that is not there any more. */
  put(hostId: HostId, facts: HostFacts): void
}

/** What was done and to what, with the moment of its writing; rows are added and never changed. */
export interface AuditStore {
  append(entry: { action: string; subject: string; facts: Readonly<Record<string, string>> }): void
}

export interface Stores {
  hosts: HostStore
  hostFacts: HostFactsStore
  databases: DatabaseStore
  jobs: JobStore
  processes: ProcessStore
  tunnels: TunnelStore
  destinations: DestinationStore
  storedSamples: StoredSampleStore
  destinationLooks: DestinationLookStore
  backups: BackupStore
  schedules: ScheduleStore
  audit: AuditStore
  /** All or nothing. May be nested. */
  transaction<T>(work: () => T): T
  /** Calls back when another process changed the data; returns the way to stop. */
  onForeignChange(listener: () => void): () => void
  close(): void
}
