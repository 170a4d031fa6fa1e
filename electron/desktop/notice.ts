import type { DatabaseId } from '../../shared/contract/databases.ts'
import type { HostId } from '../../shared/contract/hosts.ts'
import type { JobId } from '../../shared/contract/jobs.ts'
import type { Place } from '../../shared/places.ts'
import type { SeenPlaces } from './backup-notices.ts'
import type { SeenDatabase } from './database-notices.ts'
import type { SeenHost } from './host-notices.ts'
import type { Overview } from './overview.ts'

/** One desktop notification. */
export interface Notice {
  readonly title: string
  readonly body: string
  /** Where a click on it leads. */
  readonly place: Place
}

/** What there is now, as far as it can be news. */
export type Current = Pick<Overview, 'hosts' | 'databases' | 'jobs' | 'freshness' | 'app'> & {
  /** The user has the window before them. */
  readonly focused: boolean
}

/** What is remembered from look to look. */
export interface Seen {
  readonly at: number
  readonly hosts: ReadonlyMap<HostId, SeenHost>
  readonly databases: ReadonlyMap<DatabaseId, SeenDatabase>
  /** When each job that has ended did so. */
  readonly ended: ReadonlyMap<JobId, number>
  /** Where each database's backup is late. */
  readonly late: SeenPlaces
  /** Where all backups of each database have vanished. */
  readonly vanished: SeenPlaces
  /** The update that lay ready. */
  readonly update: string | null
}

/** What lasts less than this, a lost link or a restart, is not worth a word. */
export const worthAWordMs = 30_000
/** More failures at once than this are one piece of news. */
export const fewFailures = 2
/** What becomes of a database within this time of a job that failed on it is that job's doing. */
export const jobEchoMs = 15_000

/** Looks lie at most ten seconds apart while time alone makes news. */
const sleptMs = 60_000

/** True where so long has passed since the last look that the computer will have slept. */
export function hasSlept(previous: Seen | null, now: number): boolean {
  return previous !== null && now - previous.at > sleptMs
}
