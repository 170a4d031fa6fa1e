import { randomBytes, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { destinationIdSchema, type DestinationId } from '../../../shared/contract/destinations.ts'
import type { QuaysideEvent } from '../../../shared/events.ts'
import { standingClock, temporaryFolder } from '../../adapters/sqlite/fixtures.ts'
import { openStores } from '../../adapters/sqlite/index.ts'
import type { Stores } from '../ports.ts'
import { createBackupKeys } from './keys.ts'
import { addToKeysFile, wrapKey, writeKeysFile } from './keys-file.ts'
import { createRecoveryKeyService } from './recovery-key-service.ts'
import { writeRecoveryKey } from './recovery-key-text.ts'
import { createRecoveryKey } from './recovery-key.ts'

let folder: ReturnType<typeof temporaryFolder>
let stores: Stores
let cold: DestinationId
let file: string | null
let kept: Map<string, string>
let events: QuaysideEvent[]
let copied: string[]
let saved: string

beforeEach(() => {
  folder = temporaryFolder()
  stores = openStores({ file: join(folder.path, 'quayside.db'), clock: standingClock() })
  cold = destinationIdSchema.parse(randomUUID())
  const record = { id: cold, name: 'cold', kind: 'local-folder', config: {}, secretNames: [] }
  stores.destinations.insert({ ...record, createdAt: 1, lastCheck: null, marker: 'none' })
  file = null
  kept = new Map()
  events = []
  copied = []
  saved = ''
})
afterEach(() => {
  stores.close()
  folder[Symbol.dispose]()
})

/** Over a keychain in memory: the real one is under test with its adapter. */
function service() {
  const secrets = {
    get: async (key: string) => kept.get(key) ?? null,
    set: async (key: string, value: string) => void kept.set(key, value),
    delete: async (key: string) => void kept.delete(key),
  }
  const clock = standingClock()
  const keys = createBackupKeys({ secrets, clock })
  const made = createRecoveryKeyService({
    stores,
    keys,
    recoveryKey: createRecoveryKey({ secrets, clock }),
    publish: (event) => events.push(event),
    keysFileOf: () => Promise.resolve(file),
    clipboard: { writeSecret: (text) => void copied.push(text) },
    files: {
      save: async (_name, pieces) => {
        for await (const piece of pieces) saved += piece
        return true
      },
    },
  })
  return { ...made, keys }
}

/** The keys file of another installation, with the text of its recovery key. */
function layKeys(): { text: string; id: string } {
  const recoveryKey = randomBytes(32)
  const key = { id: randomUUID(), createdAt: new Date(0).toISOString(), bytes: randomBytes(32) }
  file = writeKeysFile(addToKeysFile(null, [wrapKey(key, recoveryKey)]))
  return { text: writeRecoveryKey(recoveryKey), id: key.id }
}

describe('the recovery key', () => {
  it('is copied and saved once more without passing through a face', async () => {
    const key = service()
    const { text } = await key.reveal({})
    expect(await key.copy({})).toEqual({})
    expect(copied).toEqual([text])
    expect(await key.saveFile({})).toEqual({ saved: true })
    expect(saved.split('\n')[0]).toBe(text)
  })

  it('is made when it is first shown, and saved once that is confirmed', async () => {
    const key = service()
    expect(await key.status({})).toEqual({ exists: false, savedAt: null })
    const { text } = await key.reveal({})
    expect(await key.reveal({})).toEqual({ text })
    expect(await key.status({})).toEqual({ exists: true, savedAt: null })
    await expect(key.confirm({ text: 'AAAAA' })).rejects.toMatchObject({
      code: 'recovery_key_wrong',
    })
    expect((await key.status({})).savedAt).toBeNull()
    expect((await key.confirm({ text: text.slice(-5) })).savedAt).not.toBeNull()
    expect(events).toContainEqual({ type: 'changed', topic: 'secrets' })
    for (const name of readdirSync(folder.path))
      expect(readFileSync(join(folder.path, name)).includes(text), name).toBe(false)
  })

  it('that is entered opens what another installation made, and becomes the own one', async () => {
    const key = service()
    const { text, id } = layKeys()
    const entered = await key.enter({ destinationId: cold, text: text.toLowerCase() })
    expect(entered).toEqual({ keys: 1, adopted: true })
    expect(await key.keys.byId(cold, id)).toMatchObject({ id })
    expect(await key.reveal({})).toEqual({ text })
    expect((await key.status({})).savedAt).not.toBeNull()
  })

  it('stays as it is where there is one already', async () => {
    const key = service()
    const { text: own } = await key.reveal({})
    const { text } = layKeys()
    expect(await key.enter({ destinationId: cold, text })).toEqual({ keys: 1, adopted: false })
    expect(await key.reveal({})).toEqual({ text: own })
  })

  it('that is wrong, or for nothing, changes nothing', async () => {
    const key = service()
    const { text } = layKeys()
    const other = writeRecoveryKey(randomBytes(32))
    const enter = (wanted: { destinationId?: DestinationId; text: string }) =>
      key.enter({ destinationId: cold, ...wanted })
    await expect(enter({ text: other })).rejects.toMatchObject({ code: 'recovery_key_wrong' })
    await expect(enter({ text: `${text.slice(0, -1)}~` })).rejects.toMatchObject({
      code: 'invalid_input',
    })
    const unknown = destinationIdSchema.parse(randomUUID())
    await expect(enter({ destinationId: unknown, text })).rejects.toMatchObject({
      code: 'not_found',
    })
    file = null
    await expect(enter({ text })).rejects.toMatchObject({ code: 'backup_key_missing' })
    expect(kept.size).toBe(0)
    expect(events).toEqual([])
  })
})
