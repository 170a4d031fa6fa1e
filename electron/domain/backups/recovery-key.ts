import { randomBytes, timingSafeEqual } from 'node:crypto'
import * as z from 'zod'
import { QuaysideError } from '../../../shared/errors.ts'
import { secretKeys, type Clock, type Secrets } from '../ports.ts'
import { recoveryKeyId } from './keys-file.ts'
import { normalize, readRecoveryKey, writeRecoveryKey } from './recovery-key-text.ts'

const savedSchema = z.strictObject({ recoveryKeyId: z.string(), savedAt: z.int() })

/** The recovery key of this installation: it opens the keys of all its destinations. */
export interface RecoveryKey {
  /** `savedAt` is when the user confirmed that it is saved, epoch ms. */
  status(): Promise<{ exists: boolean; savedAt: number | null }>
  /** Its text, for the user to save; makes the key at the first call. */
  reveal(): Promise<string>
  /**
   * Takes the whole key or its last group as the proof that it is saved.
   * @throws QuaysideError `recovery_key_wrong`
   */
  confirm(typed: string): Promise<void>
  /** @throws QuaysideError `recovery_key_unsaved` until the user has confirmed that it is saved */
  whenSaved(): Promise<Uint8Array>
  /** Makes a key that was typed this installation's own, where it has none; says whether it did. */
  adopt(key: Uint8Array): Promise<boolean>
}

/** Kept in the keychain as its text, which is what the log must never show. */
export function createRecoveryKey(deps: {
  secrets: Pick<Secrets, 'get' | 'set'>
  clock: Pick<Clock, 'now'>
}): RecoveryKey {
  const { secrets, clock } = deps
  // Two calls at once must not make two keys, of which one is shown and the other kept.
  let making: Promise<string> | undefined

  const kept = async (): Promise<string | null> => secrets.get(secretKeys.recoveryKey)

  const keep = async (text: string): Promise<string> => {
    await secrets.set(secretKeys.recoveryKey, text)
    // What is shown must be what will be there tomorrow: it is read back from where it lies.
    const back = await kept()
    if (back === text) return text
    throw new QuaysideError('keychain_unavailable', 'The keychain did not keep the recovery key.', {
      hint: 'Try again. Nothing has been encrypted with it.',
    })
  }

  const savedAt = async (text: string): Promise<number | null> => {
    const json = await secrets.get(secretKeys.recoveryKeySaved)
    if (json === null) return null
    const saved = savedSchema.parse(JSON.parse(json))
    return saved.recoveryKeyId === recoveryKeyId(readRecoveryKey(text)) ? saved.savedAt : null
  }

  const markSaved = async (key: Uint8Array): Promise<void> => {
    const saved = { recoveryKeyId: recoveryKeyId(key), savedAt: clock.now() }
    await secrets.set(secretKeys.recoveryKeySaved, JSON.stringify(saved))
  }

  return {
    async status() {
      const text = await kept()
      return { exists: text !== null, savedAt: text === null ? null : await savedAt(text) }
    },

    async reveal() {
      making ??= kept()
        .then((text) => text ?? keep(writeRecoveryKey(randomBytes(32))))
        .finally(() => {
          making = undefined
        })
      return making
    },

    async confirm(typed) {
      const text = await kept()
      const given = normalize(typed)
      const right = text === null ? [] : [normalize(text), text.slice(text.lastIndexOf('-') + 1)]
      if (text === null || !right.some((each) => same(each, given))) {
        throw new QuaysideError('recovery_key_wrong', 'That is not the recovery key.', {
          hint: 'Type it as you have saved it: the whole key, or its last group.',
          field: 'text',
        })
      }
      await markSaved(readRecoveryKey(text))
    },

    async whenSaved() {
      const text = await kept()
      if (text !== null && (await savedAt(text)) !== null) return readRecoveryKey(text)
      throw new QuaysideError('recovery_key_unsaved', 'The recovery key is not saved yet.', {
        hint: 'Save it outside this computer and confirm that: without it, encrypted backups are lost with this computer.',
      })
    },

    async adopt(key) {
      if ((await kept()) !== null) return false
      await keep(writeRecoveryKey(key))
      await markSaved(key)
      return true
    },
  }
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
