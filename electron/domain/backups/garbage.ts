import { markerName, type Destination, type StoredFacts } from '../../destinations/destination.ts'
import { keysFileName, parseBackupName } from '../../../shared/backup-names.ts'
import { isNameOnly } from './backup-place.ts'

/** What is younger may still become a backup: its manifest comes last. Milliseconds. */
const garbageAgeMs = 86_400_000

/**
 * Takes away what backups that never came to be have left in this folder: part files, manifests that are
 * but a name, and dumps and roles without a manifest; and parts of the file of keys and of the marker.
 * Other folders are left to those who know what is written there now. How old they are is told by the
 * destination's own clock, against the youngest object in the folder; nothing with a name that is not
 * ours is touched.
 * @returns how many it took away
 */
export async function removeGarbage(
  destination: Destination,
  folder: string,
  now: number,
  signal: AbortSignal,
): Promise<number> {
  let removed = 0
  for (const prefix of [`${folder}/`, keysFileName, markerName]) {
    removed += await destination.sweep({ signal, olderThanMs: garbageAgeMs, prefix })
  }
  const found = new Map<string, StoredFacts>()
  for await (const one of destination.list(`${folder}/`, { signal })) found.set(one.name, one)
  // Of the two clocks the one that is behind: a wrong one then makes nothing look older than it is.
  const youngest = Math.min(
    now,
    Math.max(0, ...[...found.values()].map(({ modifiedAt }) => modifiedAt)),
  )
  for (const [name, { modifiedAt }] of found) {
    if (youngest - modifiedAt < garbageAgeMs || !isOrphan(name, folder, found)) continue
    await destination.remove(name, { signal })
    removed += 1
  }
  return removed
}

function isOrphan(name: string, folder: string, found: ReadonlyMap<string, StoredFacts>): boolean {
  const parsed = parseBackupName(name)
  if (parsed === null || parsed.folder !== folder) return false
  const manifest = found.get(`${folder}/${parsed.base}.manifest.json`)
  return manifest === undefined || isNameOnly(manifest)
}
