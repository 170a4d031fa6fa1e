import type { Destination } from '../../destinations/destination.ts'
import {
  readManifest,
  writeManifest,
  type BackupManifest,
} from '../../../shared/backup-manifest.ts'
import { backupIdSchema } from '../../../shared/contract/backups.ts'
import { databaseIdSchema } from '../../../shared/contract/databases.ts'
import type { DestinationId } from '../../../shared/contract/destinations.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { CopyRecord } from '../ports.ts'
import type { BackupJobDeps } from './backup-job.ts'
import { sweepUnfinished } from './backup-place.ts'
import type { Unsealed } from './describe-backup.ts'
import { keepRecoverable } from './encryption-key.ts'
import { sealManifest } from './seal.ts'
import { putSmall, readSmall } from './small-object.ts'
import { namesOf } from './view-backup.ts'

/**
 * Makes stored objects a backup: writes the manifest beside them, and the copy into the records. Can
 * be repeated: a manifest of this backup that lies there already is the one, and where only its name is
 * taken, a try was killed right then.
 * @param madeHere whether this installation dumped it, or copied one that it had dumped
 * @throws QuaysideError `name_taken` when another backup's lies there, what the destination failed with
 */
export async function keepCopy(
  deps: Pick<BackupJobDeps, 'stores' | 'keys' | 'recoveryKey' | 'clock' | 'publish'>,
  destination: Destination,
  destinationId: DestinationId,
  { described, madeHere }: { described: Unsealed; madeHere: boolean },
  signal: AbortSignal,
): Promise<CopyRecord> {
  const { encryption } = described.object
  const unsealed: BackupManifest = { ...described, seal: null }
  const key = encryption === null ? null : await deps.keys.byId(destinationId, encryption.keyId)
  // Once more: since the dump began, somebody may have written the file of keys without this one.
  if (key !== null) await keepRecoverable(deps, destination, destinationId, key, signal)
  const manifest = key === null ? unsealed : sealManifest(unsealed, key)
  const name = namesOf(manifest).manifest
  // A try that was killed in here has left its part; the steps before are done and take nothing away.
  await sweepUnfinished(destination, name, signal)
  const text = writeManifest(manifest)
  try {
    await putSmall(destination, name, text, { signal, exclusive: true })
  } catch (thrown) {
    if (!(thrown instanceof QuaysideError) || thrown.code !== 'name_taken') throw thrown
    const there = await readSmall(destination, name, signal)
    if (there === '') await putSmall(destination, name, text, { signal, exclusive: false })
    else if (there === null || readManifest(there).id !== manifest.id) throw thrown
  }
  const copy = { ...copyRecord(manifest, destinationId, deps.clock.now()), madeHere }
  deps.stores.backups.put(copy)
  deps.publish({ type: 'changed', topic: 'backups' })
  return copy
}

/** A copy as its manifest tells it, of which nothing else is known yet, nor who wrote it. */
export function copyRecord(
  manifest: BackupManifest,
  destinationId: DestinationId,
  storedAt: number,
): CopyRecord {
  return {
    backupId: backupIdSchema.parse(manifest.id),
    destinationId,
    databaseId: databaseIdSchema.parse(manifest.database.id),
    madeAt: Date.parse(manifest.createdAt),
    plainBytes: manifest.dump.plainBytes,
    storedBytes: manifest.object.bytes,
    storedAt,
    verifiedAt: null,
    restoredAt: null,
    problem: null,
    manifest,
    madeHere: false,
  }
}
