import type { DatabaseId } from '../../shared/contract/databases.ts'
import type { DestinationId } from '../../shared/contract/destinations.ts'

/** What the program that makes backups is asked to do. */
export interface BackupRequest {
  work: 'backup' | 'verify' | 'restore' | 'purge' | 'quiet' | 'read'
  databaseId: DatabaseId
  destinationId: DestinationId
  /** Asks the core for the list of databases all the while, and measures how late it answers. */
  calls: boolean
  /** How long it shall stay quiet, milliseconds. */
  ms: number
  /** What it shall read. */
  file: string
}

/** How long it took, and how late the calls were meanwhile, milliseconds. */
export interface BackupAnswer {
  ms: number
  p99: number
  /** What the program’s thread itself worked from one call to the next, at its 99th percentile. */
  workedP99: number
  calls: number
}
