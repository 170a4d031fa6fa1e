import type { BackupManifest } from '../../../shared/backup-manifest.ts'
import type { BackupId } from '../../../shared/contract/backups.ts'
import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type {
  DestinationChecked,
  DestinationConfig,
  DestinationId,
  StoredSample,
} from '../../../shared/contract/destinations.ts'
import type { ScheduleId, ScheduleInput } from '../../../shared/contract/schedules.ts'
import type { ErrorData } from '../../../shared/errors.ts'

/** A place for backups, as kept in the store; what it is opened with lies in the keychain. */
export interface DestinationRecord {
  id: DestinationId
  name: string
  /** The id of a kind of destination; this version may know none of that id. */
  kind: string
  /** As its kind parsed it. */
  config: DestinationConfig
  /** Which secrets the keychain was given. */
  secretNames: string[]
  createdAt: number
  lastCheck: DestinationChecked | null
  /**
   * Whether its folder has the file by which it is told from an empty mount point: `made` says that it
   * was put there, so that nothing happens there without it. `wanted` of a place that the user has just
   * given, where the next use puts it; `none` of one that was given before there was such a file.
   */
  marker: 'none' | 'wanted' | 'made'
}

export interface DestinationStore {
  list(): DestinationRecord[]
  get(id: DestinationId): DestinationRecord | null
  /** @throws QuaysideError `name_taken` */
  insert(record: DestinationRecord): void
  /** @throws QuaysideError `name_taken` */
  update(id: DestinationId, change: Partial<Omit<DestinationRecord, 'id' | 'kind'>>): void
  remove(id: DestinationId): void
}

/** When it was last seen what lies at a destination. Times are epoch milliseconds. */
export interface DestinationLook {
  destinationId: DestinationId
  triedAt: number
  /** When a listing last came to its end; null if never. */
  lookedAt: number | null
  /** Why the last try came to nothing; null where it did not. */
  error: ErrorData | null
}

export interface DestinationLookStore {
  list(): DestinationLook[]
  /** In the place of what was known; nothing for a destination that is not there any more. */
  put(look: DestinationLook): void
}

export interface StoredSampleStore {
  /** From that day on, by day. */
  since(day: number): StoredSample[]
  /** Notes what is known to lie at each destination now, and forgets what is older than `oldest`. */
  take(now: { day: number; at: number; oldest: number }): void
}

/** What lists and retention need of one copy of a backup. Times are epoch milliseconds. */
export interface CopyHead {
  backupId: BackupId
  destinationId: DestinationId
  databaseId: DatabaseId
  /** When the dump was made. */
  madeAt: number
  plainBytes: number
  /** Bytes of the dump as it is stored there. */
  storedBytes: number
  /** When the manifest was written there. */
  storedAt: number
  /** When it was last read back whole. */
  verifiedAt: number | null
  /** When it last became a database with the same rows. */
  restoredAt: number | null
  /** Why it can't be relied on. */
  problem: ErrorData | null
}

/** A copy of a backup as last seen at its destination. */
export interface CopyRecord extends CopyHead {
  /** Its own: what is stored, and under which key, differs from copy to copy. */
  manifest: BackupManifest
  /**
   * This installation wrote that manifest and what it speaks of. False where a look at the destination
   * found it: who may write there may have written it.
   */
  madeHere: boolean
}

/** A cache of what lies at the destinations; all lists have the newest backup first. */
export interface BackupStore {
  heads(): CopyHead[]
  ofDatabase(databaseId: DatabaseId): CopyRecord[]
  ofBackup(backupId: BackupId): CopyRecord[]
  newest(limit: number): CopyRecord[]
  at(destinationId: DestinationId): CopyHead[]
  get(backupId: BackupId, destinationId: DestinationId): CopyRecord | null
  /** In the place of what was known of this copy. */
  put(copy: CopyRecord): void
  update(
    backupId: BackupId,
    destinationId: DestinationId,
    change: Partial<Pick<CopyHead, 'verifiedAt' | 'restoredAt' | 'problem'>>,
  ): void
  remove(backupId: BackupId, destinationId: DestinationId): void
  /**
   * When a backup of each database was last restored with the same rows, epoch milliseconds: written
   * down with a copy's `restoredAt`, and there still when that copy is not.
   */
  proofs(): ReadonlyMap<DatabaseId, number>
}

/** A schedule as kept in the store. */
export interface ScheduleRecord {
  id: ScheduleId
  plan: ScheduleInput
  createdAt: number
  /** Null while it is off, or when no such time comes. */
  nextRunAt: number | null
  lastRunAt: number | null
  /** Due times passed over before the last run. */
  missed: number
}

export interface ScheduleStore {
  list(): ScheduleRecord[]
  get(id: ScheduleId): ScheduleRecord | null
  insert(record: ScheduleRecord): void
  update(id: ScheduleId, change: Partial<Omit<ScheduleRecord, 'id'>>): void
  remove(id: ScheduleId): void
  /** As `update`, if it is still planned for that time; false when another process was first. */
  claim(
    id: ScheduleId,
    planned: number,
    change: Pick<ScheduleRecord, 'nextRunAt' | 'lastRunAt' | 'missed'>,
  ): boolean
}
