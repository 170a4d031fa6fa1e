import type { Destination } from '../../destinations/destination.ts'
import { readManifest, type BackupManifest } from '../../../shared/backup-manifest.ts'
import { parseBackupName } from '../../../shared/backup-names.ts'
import type { DestinationId } from '../../../shared/contract/destinations.ts'
import { QuaysideError, type ErrorCode } from '../../../shared/errors.ts'
import type { CopyHead, Stores } from '../ports.ts'
import { gone, problemListed } from './damaged-copy.ts'
import { copyRecord } from './keep-copy.ts'
import { noteFound, noteKnown } from './note-listed.ts'
import { readSmall } from './small-object.ts'
import { namesOf } from './view-backup.ts'

/** What a look at a destination found. */
export interface ScanResult {
  /** Manifests that could be read. */
  backups: number
  /** Copies that were not known before: of another installation, or of an earlier life of this one. */
  added: number
  /** Known copies whose manifest or dump is gone. */
  missing: number
  /** Manifests that are damaged, or of a newer version. */
  unreadable: number
}

/**
 * Brings what is known of a destination in line with what lies there. Nothing is judged before the
 * listing has come to its end, and nothing is forgotten: what is gone is marked as missing.
 * @param folder looks at that database's folder alone
 */
export async function scanDestination(
  stores: Pick<Stores, 'backups' | 'transaction'>,
  destination: Destination,
  destinationId: DestinationId,
  signal: AbortSignal,
  folder?: string,
): Promise<ScanResult> {
  // Before the listing: a copy that came since is not missing because that has not seen it.
  const known = stores.backups.at(destinationId)
  const prefix = folder === undefined ? '' : `${folder}/`
  const sizes = new Map<string, { bytes: number; modifiedAt: number }>()
  for await (const found of destination.list(prefix, { signal })) sizes.set(found.name, found)

  const result: ScanResult = { backups: 0, added: 0, missing: 0, unreadable: 0 }
  const there = new Set<string>()
  for (const [name, { modifiedAt }] of sizes) {
    if (parseBackupName(name)?.part !== 'manifest') continue
    const manifest = await manifestAt(destination, name, signal)
    if (manifest === null) {
      result.unreadable += 1
      continue
    }
    const copy = copyRecord(manifest, destinationId, modifiedAt)
    const bytes = sizes.get(namesOf(manifest).dump)?.bytes ?? null
    const problem = problemListed(bytes, manifest.object.bytes)
    there.add(copy.backupId)
    result.backups += 1
    if (problem !== null) result.missing += 1
    if (noteFound(stores, copy, problem) === 'new') result.added += 1
  }
  for (const copy of known) {
    if (there.has(copy.backupId) || !liesIn(stores, copy, folder)) continue
    result.missing += 1
    noteKnown(stores, copy, gone())
  }
  return result
}

function liesIn(
  stores: Pick<Stores, 'backups'>,
  { backupId, destinationId }: CopyHead,
  folder: string | undefined,
): boolean {
  if (folder === undefined) return true
  const copy = stores.backups.get(backupId, destinationId)
  return copy !== null && namesOf(copy.manifest).folder === folder
}

const unreadable: ReadonlySet<ErrorCode> = new Set(['backup_damaged', 'backup_newer'])

/** The manifest of that name; null where it can't be read, or speaks of another place. */
export async function manifestAt(
  destination: Destination,
  name: string,
  signal: AbortSignal,
): Promise<BackupManifest | null> {
  try {
    const text = await readSmall(destination, name, signal)
    if (text === null) return null
    const manifest = readManifest(text)
    // One that speaks of another place could make an object elsewhere look like its own.
    return namesOf(manifest).manifest === name ? manifest : null
  } catch (thrown) {
    if (thrown instanceof QuaysideError && unreadable.has(thrown.code)) return null
    throw thrown
  }
}
