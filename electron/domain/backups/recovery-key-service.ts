import type { DestinationId } from '../../../shared/contract/destinations.ts'
import type { RecoveryKeyStatus } from '../../../shared/contract/recovery-key.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { BackupKeys } from './keys.ts'
import type { RecoveryKey } from './recovery-key.ts'
import { readRecoveryKey } from './recovery-key-text.ts'

/** The recovery key as its faces see it: the methods of `recoveryKey`. */
export interface RecoveryKeyService {
  status(): Promise<RecoveryKeyStatus>
  reveal(): Promise<{ text: string }>
  confirm(input: { text: string }): Promise<RecoveryKeyStatus>
  enter(
    input: { destinationId: DestinationId; text: string },
    options?: { signal?: AbortSignal | undefined },
  ): Promise<{ keys: number; adopted: boolean }>
}

/** `keysFileOf` reads `quayside-keys.json` of a destination; null where none lies there. */
export function createRecoveryKeyService(deps: {
  recoveryKey: RecoveryKey
  keys: Pick<BackupKeys, 'takeOver'>
  keysFileOf: (id: DestinationId, signal: AbortSignal | undefined) => Promise<string | null>
}): RecoveryKeyService {
  const { recoveryKey, keys, keysFileOf } = deps
  return {
    status: recoveryKey.status,
    reveal: async () => ({ text: await recoveryKey.reveal() }),
    async confirm({ text }) {
      await recoveryKey.confirm(text)
      return recoveryKey.status()
    },
    async enter({ destinationId, text }, options) {
      const key = readRecoveryKey(text)
      const file = await keysFileOf(destinationId, options?.signal)
      if (file === null) {
        throw new QuaysideError('backup_key_missing', 'There are no keys at this destination.', {
          hint: 'Backups that were made without encryption need none. Else check that this is the right place.',
        })
      }
      // First: a key that opens nothing here must not become this computer's own.
      const count = await keys.takeOver(destinationId, file, key)
      return { keys: count, adopted: await recoveryKey.adopt(key) }
    },
  }
}
