import { keysFileName } from '../../../shared/backup-names.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Service } from '../core.ts'
import { neverAborted } from '../never-aborted.ts'
import { withDestination, type BackupJobDeps } from './backup-job.ts'
import { keepRecoverable } from './encryption-key.ts'

type RotateDeps = Pick<
  BackupJobDeps,
  'keys' | 'recoveryKey' | 'openDestination' | 'stores' | 'publish'
>

/**
 * Gives a destination a new key. It lies at the destination, wrapped by the recovery key, by the time
 * this is done; should that fail, the next encrypted backup puts it there before anything else.
 * @throws QuaysideError `recovery_key_unsaved`, what the destination failed with
 */
export function rotateKey(deps: RotateDeps): Service<'destinations'>['rotateKey'] {
  const { keys, recoveryKey, stores, publish } = deps
  return async ({ id }, options) => {
    const signal = options?.signal ?? neverAborted
    const record = stores.destinations.get(id)
    if (record === null) {
      throw new QuaysideError('not_found', 'There is no such destination any more.')
    }
    await recoveryKey.whenSaved()
    const key = await withDestination(deps, id, async (destination) => {
      // Looked at first: of a place that can't be reached the key stays as it is.
      await destination.stat(keysFileName, { signal })
      const fresh = await keys.rotate(id)
      await keepRecoverable(deps, destination, id, fresh, signal)
      return fresh
    })
    stores.audit.append({
      action: 'destinations.rotateKey',
      subject: record.name,
      facts: { keyId: key.id },
    })
    publish({ type: 'changed', topic: 'destinations' })
    return { keyId: key.id, createdAt: Date.parse(key.createdAt) }
  }
}
