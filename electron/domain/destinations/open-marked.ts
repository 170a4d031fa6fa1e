import { keysFileName, parseBackupName } from '../../../shared/backup-names.ts'
import { QuaysideError, type ErrorCode } from '../../../shared/errors.ts'
import {
  markerName,
  markerText,
  notMarked,
  type Destination,
} from '../../destinations/destination.ts'
import { putSmall } from '../backups/small-object.ts'
import { neverAborted } from '../never-aborted.ts'
import type { DestinationRecord, Stores } from '../ports.ts'

/**
 * Opens a place whose disk can be away. It has a file that marks it, and nothing is done there without:
 * an empty mount point would take backups, and seem to have lost those before. A place that the user has
 * just given gets the file now. One that was given before there were such files gets it too, if something
 * of ours lies there or nothing was ever stored there.
 * @param place what the user calls it
 * @param openAs opens it, with the file as a condition or without
 * @throws QuaysideError `destination_unreachable` where it can't be told from an empty mount point
 */
export async function openMarked(
  stores: Pick<Stores, 'destinations' | 'backups'>,
  { id, marker }: Pick<DestinationRecord, 'id' | 'marker'>,
  place: string,
  openAs: (marked: boolean) => Destination,
): Promise<Destination> {
  if (marker === 'made') return openAs(true)
  const destination = openAs(false)
  try {
    if ((await destination.stat(markerName, { signal: neverAborted })) === null) {
      const isRight = marker === 'wanted' || stores.backups.at(id).length === 0
      if (!isRight && !(await holdsOurs(destination))) throw notMarked(place)
      await putSmall(destination, markerName, markerText, {
        signal: neverAborted,
        exclusive: false,
      })
    }
  } catch (thrown) {
    // Where nothing can be written, no backup can go astray, and what lies there can still be read.
    if (thrown instanceof QuaysideError && unwritable.has(thrown.code)) return destination
    await destination.close()
    throw thrown
  }
  await destination.close()
  stores.destinations.update(id, { marker: 'made' })
  return openAs(true)
}

const unwritable: ReadonlySet<ErrorCode> = new Set(['destination_denied', 'destination_full'])

async function holdsOurs(destination: Destination): Promise<boolean> {
  for await (const { name } of destination.list('', { signal: neverAborted }))
    if (name === keysFileName || parseBackupName(name) !== null) return true
  return false
}
