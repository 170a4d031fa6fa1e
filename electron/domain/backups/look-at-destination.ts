import type { Destination } from '../../destinations/destination.ts'
import { backupFolder, parseBackupName } from '../../../shared/backup-names.ts'
import type { DestinationId } from '../../../shared/contract/destinations.ts'
import { toErrorData, type QuaysideError } from '../../../shared/errors.ts'
import type { CopyHead, Stores } from '../ports.ts'
import { copyRecord } from './keep-copy.ts'
import { gone, manifestAt, notAsLong } from './scan-destination.ts'

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
 * @returns whether anything is known to be otherwise than before
 */
export async function lookAtDestination(
  stores: Pick<Stores, 'backups' | 'transaction'>,
  destination: Destination,
  destinationId: DestinationId,
  signal: AbortSignal,
): Promise<boolean> {
  const known = stores.backups.at(destinationId)
  const found = await listed(destination, signal)
  let changed = false
  for (const copy of known) {
    const there = found.get(keyOf(copy.databaseId, copy.madeAt))
    if (judge(stores, copy, there)) changed = true
  }
  const names = new Set(known.map((copy) => keyOf(copy.databaseId, copy.madeAt)))
  const fresh = [...found].filter(([key, { manifest }]) => manifest !== null && !names.has(key))
  for (const [, { manifest, dumpBytes }] of fresh.slice(0, readAtMost)) {
    if (manifest === null) continue
    const read = await manifestAt(destination, manifest.name, signal)
    if (read === null) continue
    const copy = copyRecord(read, destinationId, manifest.modifiedAt)
    const problem = problemOf(copy, dumpBytes)
    stores.transaction(() => {
      // It may have been made here since the listing began.
      if (stores.backups.get(copy.backupId, destinationId) !== null) return
      stores.backups.put({ ...copy, problem: problem === null ? null : toErrorData(problem) })
      changed = true
    })
  }
  return changed
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

function judge(
  stores: Pick<Stores, 'backups' | 'transaction'>,
  { backupId, destinationId }: CopyHead,
  there: Found | undefined,
): boolean {
  return stores.transaction(() => {
    const now = stores.backups.get(backupId, destinationId)
    if (now === null) return false
    const isThere = there !== undefined && there.manifest !== null
    const problem = problemOf(now, isThere ? there.dumpBytes : null)
    // Damage that was found by reading stays until it is read again; only an absence ends by itself.
    const kept = now.problem?.code === 'not_found' ? null : now.problem
    const next = problem === null || problem.code === kept?.code ? kept : toErrorData(problem)
    if (JSON.stringify(next) === JSON.stringify(now.problem)) return false
    stores.backups.update(backupId, destinationId, { problem: next })
    return true
  })
}

function problemOf(
  { storedBytes }: Pick<CopyHead, 'storedBytes'>,
  dumpBytes: number | null,
): QuaysideError | null {
  if (dumpBytes === null) return gone()
  return dumpBytes === storedBytes ? null : notAsLong(dumpBytes, storedBytes)
}
