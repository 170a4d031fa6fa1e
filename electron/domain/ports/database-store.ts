import type { HostId } from '../../../shared/contract/hosts.ts'
import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type { Environment } from '../../../shared/names.ts'

/** A database as kept in the store: intent and cache, never the truth about what runs. */
export interface DatabaseRecord {
  id: DatabaseId
  hostId: HostId
  name: string
  environment: Environment
  engine: string
  version: string
  image: string
  containerName: string
  /** The volume with its data, or the absolute path of a folder on the host. */
  volumeName: string
  /** Reserved on its host; unique there. */
  port: number | null
  user: string
  database: string
  state: 'creating' | 'ready' | 'trash'
  protected: boolean
  createdAt: number
  deletedAt: number | null
  /** What the host last told, for when it does not answer. */
  lastKnown: LastKnown | null
}

export interface LastKnown {
  status: 'running' | 'attention' | 'stopped' | 'failed'
  reason: string | null
  startedAt: number | null
  /** When the status began. */
  since: number
  /** When the host told it. */
  at: number
}

export interface DatabaseStore {
  list(): DatabaseRecord[]
  get(id: DatabaseId): DatabaseRecord | null
  /** How many a host has, the trash left out. */
  countOn(hostId: HostId): number
  /** @throws QuaysideError `name_taken` when the host has that name, environment and engine already. */
  insert(record: DatabaseRecord): void
  update(id: DatabaseId, change: Partial<Omit<DatabaseRecord, 'id' | 'lastKnown'>>): void
  setLastKnown(id: DatabaseId, lastKnown: LastKnown): void
  /**
   * Reserves the lowest port from `from` upward that no record of the host has and that is not in
   * `taken`; in one transaction, so that two creates at once get two ports. Gives the record's own
   * port back while it is not in `taken`.
   */
  reservePort(id: DatabaseId, from: number, taken: ReadonlySet<number>): number
  remove(id: DatabaseId): void
}
