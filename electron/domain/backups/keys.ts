import { randomBytes, randomUUID } from 'node:crypto'
import * as z from 'zod'
import type { DestinationId } from '../../../shared/contract/destinations.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { secretKeys, type Clock, type Secrets } from '../ports.ts'
import {
  addToKeysFile,
  readKeysFile,
  recoveryKeyId,
  unwrapKeys,
  wrapKey,
  writeKeysFile,
} from './keys-file.ts'
import type { BackupKey } from './stream/cipher-format.ts'

/** A destination's key with its age. */
export type DestinationKey = BackupKey & {
  /** ISO, UTC. */
  createdAt: string
}

/** The keys of destinations: one is current, older ones open older backups. */
export interface BackupKeys {
  /** The key for the next backup; made where there is none yet. */
  current(destinationId: DestinationId): Promise<DestinationKey>
  /** @throws QuaysideError `backup_key_missing` */
  byId(destinationId: DestinationId, keyId: string): Promise<DestinationKey>
  /** All keys this installation has, oldest first; none is fine. */
  all(destinationId: DestinationId): Promise<DestinationKey[]>
  /** A new current key. Backups made before stay as they are and are read with the older ones. */
  rotate(destinationId: DestinationId): Promise<DestinationKey>
  /**
   * The keys file of a destination with all keys in it, wrapped for this recovery key; null where the
   * file that lies there (null: none does) has them already. It must lie there before anything that
   * `using` encrypts.
   * @throws QuaysideError `backup_damaged`, `backup_newer` for a file that can't be read
   */
  keysFile(wanted: {
    destinationId: DestinationId
    file: string | null
    recoveryKey: Uint8Array
    using: DestinationKey
  }): Promise<string | null>
  /**
   * Takes over the keys that a recovery key opens in a destination's keys file; gives their number.
   * The newest becomes current where there was no key.
   * @throws QuaysideError `recovery_key_wrong`, `backup_damaged`, `backup_newer`
   */
  takeOver(destinationId: DestinationId, file: string, recoveryKey: Uint8Array): Promise<number>
  /** Deletes them from this computer; the recovery key still opens those in the keys file. */
  forget(destinationId: DestinationId): Promise<void>
}

const listSchema = z.strictObject({
  current: z.uuid(),
  keys: z.array(z.strictObject({ id: z.uuid(), createdAt: z.iso.datetime() })),
})
type KeyList = z.infer<typeof listSchema>

/** Keys lie one by one in the keychain, beside a list of them: a keychain can't be searched safely. */
export function createBackupKeys(deps: {
  secrets: Pick<Secrets, 'get' | 'set' | 'delete'>
  clock: Pick<Clock, 'now'>
}): BackupKeys {
  const { secrets, clock } = deps
  // Changes to lists run one after another: the second must see what the first one wrote.
  let tail: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = tail.then(work, work)
    tail = done.catch(() => undefined)
    return done
  }

  const listOf = async (destinationId: DestinationId): Promise<KeyList | null> => {
    const json = await secrets.get(secretKeys.destinationKeys(destinationId))
    return json === null ? null : listSchema.parse(JSON.parse(json))
  }
  const writeList = (destinationId: DestinationId, list: KeyList): Promise<void> =>
    secrets.set(secretKeys.destinationKeys(destinationId), JSON.stringify(list))

  const load = async (
    destinationId: DestinationId,
    { id, createdAt }: KeyList['keys'][number],
  ): Promise<DestinationKey> => {
    const kept = await secrets.get(secretKeys.destinationKey(destinationId, id))
    const bytes = Buffer.from(kept ?? '', 'base64')
    if (bytes.length === 32) return { id, createdAt, bytes }
    throw new QuaysideError('backup_key_missing', 'This computer has no key for this backup.', {
      hint: 'Enter the recovery key of the installation that made it.',
      detail: `key ${id}`,
    })
  }

  const keep = async (destinationId: DestinationId, { id, bytes }: BackupKey): Promise<void> => {
    const place = secretKeys.destinationKey(destinationId, id)
    const text = Buffer.from(bytes).toString('base64')
    await secrets.set(place, text)
    // A key that got lost would be noticed at the restore: it is read back before anything depends on it.
    if ((await secrets.get(place)) === text) return
    throw new QuaysideError('keychain_unavailable', 'The keychain did not keep a backup’s key.', {
      hint: 'Try again. Nothing has been encrypted with it.',
    })
  }

  const add = async (
    destinationId: DestinationId,
    keys: readonly DestinationKey[],
    pickCurrent: (list: KeyList | null) => string,
  ): Promise<void> => {
    // Keys first: one that no list names does no harm.
    for (const key of keys) await keep(destinationId, key)
    const list = await listOf(destinationId)
    const added = keys.map(({ id, createdAt }) => ({ id, createdAt }))
    const others = (list?.keys ?? []).filter(({ id }) => !added.some((key) => key.id === id))
    await writeList(destinationId, {
      current: pickCurrent(list),
      keys: [...others, ...added].sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt)),
    })
  }

  const make = async (destinationId: DestinationId): Promise<DestinationKey> => {
    const createdAt = new Date(clock.now()).toISOString()
    const key = { id: randomUUID(), createdAt, bytes: randomBytes(32) }
    await add(destinationId, [key], () => key.id)
    return key
  }

  const all = async (destinationId: DestinationId): Promise<DestinationKey[]> => {
    const keys = []
    for (const each of (await listOf(destinationId))?.keys ?? [])
      keys.push(await load(destinationId, each))
    return keys
  }

  return {
    current: (destinationId) =>
      inTurn(async () => {
        const list = await listOf(destinationId)
        const current = list?.keys.find(({ id }) => id === list.current)
        return current ? load(destinationId, current) : make(destinationId)
      }),

    async byId(destinationId, keyId) {
      const listed = (await listOf(destinationId))?.keys.find(({ id }) => id === keyId)
      // Also one that no list names: two programs may have made the first key at the same moment.
      return load(destinationId, listed ?? { id: keyId, createdAt: new Date(0).toISOString() })
    },

    all,
    rotate: (destinationId) => inTurn(() => make(destinationId)),

    async keysFile({ destinationId, file, recoveryKey, using }) {
      const read = file === null ? null : readKeysFile(file)
      const ours = recoveryKeyId(recoveryKey)
      const there = (id: string): boolean =>
        read?.keys.some((key) => key.id === id && key.recoveryKeyId === ours) === true
      const listed = (await all(destinationId)).filter(({ id }) => id !== using.id)
      const missing = [...listed, using].filter(({ id }) => !there(id))
      if (missing.length === 0) return null
      const added = missing.map((key) => wrapKey(key, recoveryKey))
      return writeKeysFile(addToKeysFile(read, added))
    },

    takeOver: (destinationId, file, recoveryKey) =>
      inTurn(async () => {
        const keys = unwrapKeys(readKeysFile(file), recoveryKey)
        const newest = keys.at(-1)?.id ?? ''
        await add(destinationId, keys, (list) => list?.current ?? newest)
        return keys.length
      }),

    forget: (destinationId) =>
      inTurn(async () => {
        for (const { id } of (await listOf(destinationId))?.keys ?? [])
          await secrets.delete(secretKeys.destinationKey(destinationId, id))
        await secrets.delete(secretKeys.destinationKeys(destinationId))
      }),
  }
}
