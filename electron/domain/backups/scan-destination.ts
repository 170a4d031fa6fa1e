import type { Destination } from '../../destinations/destination.ts'
import { readManifest, type BackupManifest } from '../../../shared/backup-manifest.ts'
import { parseBackupName } from '../../../shared/backup-names.ts'
import type { DestinationId } from '../../../shared/contract/destinations.ts'
import { QuaysideError, toErrorData } from '../../../shared/errors.ts'
import type { CopyHead, CopyRecord, Stores } from '../ports.ts'
import { copyRecord } from './keep-copy.ts'
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
  const prefix = folder === undefined ? '' : `${folder}/`
  const sizes = new Map<string, { bytes: number; modifiedAt: number }>()
  for await (const found of destination.list(prefix, { signal })) sizes.set(found.name, found)

  const known = new Map(stores.backups.at(destinationId).map((copy) => [copy.backupId, copy]))
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
    const before = known.get(copy.backupId)
    const problem = problemOf(manifest, sizes)
    there.add(copy.backupId)
    result.backups += 1
    if (before === undefined) result.added += 1
    if (problem !== null) result.missing += 1
    note(stores, copy, before, problem)
  }
  for (const copy of known.values()) {
    if (there.has(copy.backupId) || !liesIn(stores, copy, folder)) continue
    result.missing += 1
    stores.backups.update(copy.backupId, destinationId, { problem: toErrorData(gone()) })
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

function note(
  stores: Pick<Stores, 'backups'>,
  copy: CopyRecord,
  before: CopyHead | undefined,
  problem: QuaysideError | null,
): void {
  const data = problem === null ? null : toErrorData(problem)
  if (before === undefined) {
    stores.backups.put({ ...copy, problem: data })
    return
  }
  // Damage that was found by reading stays until it is read again; only an absence ends by itself.
  const kept = before.problem?.code === 'not_found' ? null : before.problem
  const next = data === null || data.code === kept?.code ? kept : data
  if (JSON.stringify(next) === JSON.stringify(before.problem)) return
  stores.backups.update(copy.backupId, copy.destinationId, { problem: next })
}

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
    const bad = ['backup_damaged', 'backup_newer']
    if (thrown instanceof QuaysideError && bad.includes(thrown.code)) return null
    throw thrown
  }
}

function problemOf(
  manifest: BackupManifest,
  sizes: ReadonlyMap<string, { bytes: number }>,
): QuaysideError | null {
  const found = sizes.get(namesOf(manifest).dump)
  if (found === undefined) return gone()
  if (found.bytes === manifest.object.bytes) return null
  return notAsLong(found.bytes, manifest.object.bytes)
}

/** Of a copy whose dump has another length than its manifest says. */
export function notAsLong(bytes: number, expected: number): QuaysideError {
  return new QuaysideError('backup_damaged', 'This copy is not as long as what was stored.', {
    hint: 'Use another copy or another backup.',
    detail: `${bytes} of ${expected} bytes`,
  })
}

/** Of a copy whose manifest or dump does not lie there. */
export function gone(): QuaysideError {
  return new QuaysideError('not_found', 'This backup is not at its destination any more.', {
    hint: 'It was removed there. Use another copy or another backup.',
  })
}
