import type { DestinationId } from '../../../shared/contract/destinations.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Service } from '../core.ts'
import { neverAborted } from '../never-aborted.ts'
import type { Clipboard, FileSaver, Publish, Stores } from '../ports.ts'
import type { BackupKeys } from './keys.ts'
import type { RecoveryKey } from './recovery-key.ts'
import { readRecoveryKey } from './recovery-key-text.ts'

interface RecoveryKeyServiceDeps {
  recoveryKey: RecoveryKey
  keys: Pick<BackupKeys, 'takeOver'>
  /** Reads `quayside-keys.json` of a destination; null where none lies there. */
  keysFileOf(id: DestinationId, signal: AbortSignal): Promise<string | null>
  /** Null for a face that has none. */
  clipboard: Clipboard | null
  files: FileSaver | null
  stores: Pick<Stores, 'audit' | 'destinations'>
  publish: Publish
}

/** The recovery key as its faces see it. */
export function createRecoveryKeyService(deps: RecoveryKeyServiceDeps): Service<'recoveryKey'> {
  const { recoveryKey, keys, keysFileOf, clipboard, files, stores, publish } = deps

  /** Who looks at the key, or lets one in, leaves a trace; the key itself never does. */
  const done = (action: string, subject: string): void => {
    stores.audit.append({ action, subject, facts: {} })
    publish({ type: 'changed', topic: 'secrets' })
  }

  return {
    status: recoveryKey.status,

    async reveal() {
      const text = await recoveryKey.reveal()
      done('recoveryKey.reveal', 'recovery key')
      return { text }
    },

    async copy() {
      if (clipboard === null) throw lacks('has no clipboard')
      await clipboard.writeSecret(await recoveryKey.reveal())
      done('recoveryKey.copy', 'recovery key')
      return {}
    },

    async saveFile() {
      if (files === null) throw lacks('can’t ask for a place')
      const saved = await files.save('quayside-recovery-key.txt', written(recoveryKey))
      if (saved) done('recoveryKey.saveFile', 'recovery key')
      return { saved }
    },

    async confirm({ text }) {
      await recoveryKey.confirm(text)
      done('recoveryKey.confirm', 'recovery key')
      return recoveryKey.status()
    },

    async enter({ destinationId, text }, options) {
      const destination = stores.destinations.get(destinationId)
      if (destination === null) {
        throw new QuaysideError('not_found', 'There is no such destination any more.')
      }
      const key = readRecoveryKey(text)
      const file = await keysFileOf(destinationId, options?.signal ?? neverAborted)
      if (file === null) {
        throw new QuaysideError('backup_key_missing', 'There are no keys at this destination.', {
          hint: 'Backups that were made without encryption need none. Else check that this is the right place.',
        })
      }
      // First: a key that opens nothing here must not become this computer's own.
      const count = await keys.takeOver(destinationId, file, key)
      const adopted = await recoveryKey.adopt(key)
      done('recoveryKey.enter', destination.name)
      return { keys: count, adopted }
    },
  }
}

/** Asked for only once a place is chosen. */
async function* written(recoveryKey: RecoveryKey): AsyncGenerator<string> {
  yield `${await recoveryKey.reveal()}\n\n`
  yield 'The recovery key of Quayside. It opens the encrypted backups of this installation.\n'
}

function lacks(what: string): QuaysideError {
  return new QuaysideError('invalid_input', `This face of Quayside ${what}.`, {
    hint: 'Print the key: quayside recovery-key show.',
  })
}
