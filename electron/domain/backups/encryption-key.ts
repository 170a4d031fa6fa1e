import type { Destination } from '../../destinations/destination.ts'
import type { DestinationId } from '../../../shared/contract/destinations.ts'
import { keysFileName } from '../../../shared/backup-names.ts'
import type { BackupJobDeps } from './backup-job.ts'
import { putSmall, readSmall } from './small-object.ts'
import type { BackupKey } from './stream/cipher-format.ts'

/**
 * The key for a new backup at a destination. By the time it is given, the recovery key is saved, and
 * what it opens lies at the destination: nothing is ever encrypted that could not be recovered.
 * @throws QuaysideError `recovery_key_unsaved`, `keychain_locked` …, what the destination failed with
 */
export async function encryptionKey(
  deps: Pick<BackupJobDeps, 'keys' | 'recoveryKey'>,
  destination: Destination,
  id: DestinationId,
  signal: AbortSignal,
): Promise<BackupKey> {
  const recoveryKey = await deps.recoveryKey.whenSaved()
  const key = await deps.keys.current(id)
  const there = await readSmall(destination, keysFileName, signal)
  const wanted = { destinationId: id, file: there, recoveryKey, using: key }
  const file = await deps.keys.keysFile(wanted)
  if (file !== null) await putSmall(destination, keysFileName, file, { signal, exclusive: false })
  return key
}
