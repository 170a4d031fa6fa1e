import type { Destination } from '../../destinations/destination.ts'
import { backupFolder, parseBackupName } from '../../../shared/backup-names.ts'
import type { DestinationId } from '../../../shared/contract/destinations.ts'
import type { Stores } from '../ports.ts'
import { problemListed } from './damaged-copy.ts'
import { copyRecord } from './keep-copy.ts'
import { noteFound, noteKnown } from './note-listed.ts'
import { manifestAt } from './scan-destination.ts'

/** As many backups that nobody knew are read in one look; the others in the next ones. */
const readAtMost = 100

interface Found {
  manifest: { name: string; modifiedAt: number } | null
  dumpBytes: number | null
}

/**
 * Compares what is known of a destination with a listing of it, and reads only manifests that are new:
 * cheap enough for every day. Says of each known copy whether it is there still and as long as it was.
 * Nothing is judged unless the listing came to its end, nor what came after it began.
 */
export async function lookAtDestination(
  stores: Pick<Stores, 'backups' | 'transaction'>,
  destination: Destination,
  destinationId: DestinationId,
  signal: AbortSignal,
): Promise<void> {
  const known = stores.backups.at(destinationId)
  const found = await listed(destination, signal)
  for (const copy of known) {
    const there = found.get(keyOf(copy.databaseId, copy.madeAt))
    const bytes = there === undefined || there.manifest === null ? null : there.dumpBytes
    noteKnown(stores, copy, problemListed(bytes, copy.storedBytes))
  }
  const names = new Set(known.map((copy) => keyOf(copy.databaseId, copy.madeAt)))
  const fresh = [...found].filter(([key, { manifest }]) => manifest !== null && !names.has(key))
  for (const [, { manifest, dumpBytes }] of fresh.slice(0, readAtMost)) {
    if (manifest === null) continue
    const read = await manifestAt(destination, manifest.name, signal)
    if (read === null) continue
    const copy = copyRecord(read, destinationId, manifest.modifiedAt)
    noteFound(stores, copy, problemListed(dumpBytes, copy.storedBytes))
  }
}

async function listed(
  destination: Destination,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Found>> {
  const found = new Map<string, Found>()
  for await (const { name, bytes, modifiedAt } of destination.list('', { signal })) {
    const parsed = parseBackupName(name)
    if (parsed === null || parsed.part === 'roles') continue
    const key = `${parsed.databaseId8} ${parsed.createdAt}`
    const one = found.get(key) ?? { manifest: null, dumpBytes: null }
    if (parsed.part === 'manifest') one.manifest = { name, modifiedAt }
    else one.dumpBytes = bytes
    found.set(key, one)
  }
  return found
}

/** As objects' names tell backups apart: by the second. */
function keyOf(databaseId: string, madeAt: number): string {
  const id8 = backupFolder({ container: '', databaseId }).slice(1)
  return `${id8} ${Math.floor(madeAt / 1000) * 1000}`
}
