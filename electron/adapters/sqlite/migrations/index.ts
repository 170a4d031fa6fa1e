import { first } from './0001-first.ts'
import { armedTunnels } from './0002-armed-tunnels.ts'
import { dataDirectory } from './0003-data-directory.ts'
import { destinations } from './0004-destinations.ts'
import { backups } from './0005-backups.ts'
import { seenOverTime } from './0006-seen-over-time.ts'
import { restoreProofs } from './0007-restore-proofs.ts'
import { madeHere } from './0008-made-here.ts'
import { destinationLooks } from './0009-destination-looks.ts'
import { destinationMarker } from './0010-destination-marker.ts'
import { endedJobs } from './0011-ended-jobs.ts'

/** One step of the schema. Once released it is never changed: a checksum guards it. */
export interface Migration {
  /** Its place in the order, from 1; becomes the file's `user_version`. */
  version: number
  name: string
  sql: string
}

/** All steps in order. A new one goes to the end, in a file of its own. */
export const migrations: readonly Migration[] = [
  first,
  armedTunnels,
  dataDirectory,
  destinations,
  backups,
  seenOverTime,
  restoreProofs,
  madeHere,
  destinationLooks,
  destinationMarker,
  endedJobs,
]
