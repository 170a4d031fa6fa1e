import { createHash } from 'node:crypto'
import type { Destination } from '../../destinations/destination.ts'
import type { DestinationId } from '../../../shared/contract/destinations.ts'
import { keysFileName } from '../../../shared/backup-names.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { BackupJobDeps } from './backup-job.ts'
import type { DestinationKey } from './keys.ts'
import { putSmall, readSmall } from './small-object.ts'

type KeyDeps = Pick<BackupJobDeps, 'keys' | 'recoveryKey'>

/** Others may write the file at the same moment: so often it is read back and written once more. */
const mostTries = 10

/**
 * The key for a new backup at a destination. By the time it is given, the recovery key is saved, and
 * what it opens lies at the destination: nothing is ever encrypted that could not be recovered.
 * @throws QuaysideError `recovery_key_unsaved`, `keychain_locked` …, what the destination failed with
 */
export async function encryptionKey(
  deps: KeyDeps,
  destination: Destination,
  id: DestinationId,
  signal: AbortSignal,
): Promise<DestinationKey> {
  // First of all: without it no key is even made.
  await deps.recoveryKey.whenSaved()
  const key = await deps.keys.current(id)
  await keepRecoverable(deps, destination, id, key, signal)
  return key
}

/**
 * Sees to it that a key and all others of this installation lie at the destination, wrapped by the
 * recovery key. A file of keys that can't be read is kept beside the new one.
 * @throws QuaysideError as `encryptionKey`; `backup_newer` where a later version wrote the file
 */
export async function keepRecoverable(
  { keys, recoveryKey }: KeyDeps,
  destination: Destination,
  id: DestinationId,
  using: DestinationKey,
  signal: AbortSignal,
): Promise<void> {
  const wanted = { destinationId: id, recoveryKey: await recoveryKey.whenSaved(), using }
  for (let tries = 0; tries < mostTries; tries += 1) {
    const there = await readSmall(destination, keysFileName, signal)
    const file = await keys.keysFile({ ...wanted, file: there }).catch(async (thrown: unknown) => {
      if (there === null || !isDamage(thrown)) throw thrown
      await unlessTaken(putSmall(destination, asideName(there), there, { signal, exclusive: true }))
      return keys.keysFile({ ...wanted, file: null })
    })
    if (file === null) return
    // The first one is written by one alone; whoever else wanted to finds it, and adds to it.
    const exclusive = there === null
    await unlessTaken(putSmall(destination, keysFileName, file, { signal, exclusive }))
  }
  throw new QuaysideError('destination_failed', 'The destination does not keep its file of keys.', {
    hint: 'Look whether something else writes or removes it there, then retry.',
    detail: keysFileName,
  })
}

/** For a file of keys that can't be read: the same name for the same text. */
function asideName(text: string): string {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16)
  return `quayside-keys-damaged-${hash}.json`
}

function isDamage(thrown: unknown): boolean {
  return thrown instanceof QuaysideError && thrown.code === 'backup_damaged'
}

async function unlessTaken(put: Promise<void>): Promise<void> {
  await put.catch((thrown: unknown) => {
    if (!(thrown instanceof QuaysideError) || thrown.code !== 'name_taken') throw thrown
  })
}
