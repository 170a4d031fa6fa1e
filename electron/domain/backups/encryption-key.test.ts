import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { keysFileName } from '../../../shared/backup-names.ts'
import { destinationIdSchema } from '../../../shared/contract/destinations.ts'
import { standingClock, temporaryFolder } from '../../adapters/sqlite/fixtures.ts'
import { openStores } from '../../adapters/sqlite/index.ts'
import type { Destination } from '../../destinations/destination.ts'
import { destinationKinds } from '../../destinations/index.ts'
import { neverAborted as signal } from '../never-aborted.ts'
import { encryptionKey } from './encryption-key.ts'
import { keepCopy } from './keep-copy.ts'
import { readKeysFile, unwrapKeys } from './keys-file.ts'
import { createBackupKeys } from './keys.ts'
import { someManifest } from './manifest-fixture.ts'
import { createRecoveryKey } from './recovery-key.ts'

const id = destinationIdSchema.parse('2f0c5d1e-7a11-4b8e-9a39-0f7b0c1d2e3f')
const clock = standingClock()
let home: ReturnType<typeof temporaryFolder>
let folder: string
let destination: Destination

beforeEach(() => {
  home = temporaryFolder()
  folder = join(home.path, 'backups')
  mkdirSync(folder)
  const [kind] = destinationKinds
  if (kind === undefined) throw new Error('there is no kind')
  destination = kind.open({ folder }, {}, { volumes: { at: () => expect.fail() } })
})
afterEach(() => home[Symbol.dispose]())

/** An installation whose recovery key is saved. */
async function installation() {
  const kept = new Map<string, string>()
  const secrets = {
    get: (key: string) => Promise.resolve(kept.get(key) ?? null),
    set: (key: string, value: string) => Promise.resolve(void kept.set(key, value)),
    delete: (key: string) => Promise.resolve(void kept.delete(key)),
  }
  const recoveryKey = createRecoveryKey({ secrets, clock })
  await recoveryKey.confirm(await recoveryKey.reveal())
  return { keys: createBackupKeys({ secrets, clock }), recoveryKey }
}
type Installation = Awaited<ReturnType<typeof installation>>

const text = (): string => readFileSync(join(folder, keysFileName), 'utf8')
const opened = async ({ recoveryKey }: Installation): Promise<string[]> =>
  unwrapKeys(readKeysFile(text()), await recoveryKey.whenSaved()).map((key) => key.id)

/** The destination, where something happens right after each of the first looks for the file of keys. */
function after(acts: (() => Promise<void>)[]): Destination {
  return {
    ...destination,
    stat: async (name, options) => {
      const facts = await destination.stat(name, options)
      await acts.shift()?.()
      return facts
    },
  }
}

it('of two installations that make their first key there at once, both can be recovered', async () => {
  const [one, two] = [await installation(), await installation()]
  let arrive = (): void => undefined
  const bothHaveLooked = new Promise<void>((resolve) => {
    let looked = 0
    arrive = () => {
      looked += 1
      if (looked === 2) resolve()
    }
  })
  const meet = (): Promise<void> => {
    arrive()
    return bothHaveLooked
  }
  const keys = await Promise.all(
    [one, two].map((each) => encryptionKey(each, after([meet]), id, signal)),
  )
  expect([await opened(one), await opened(two)]).toEqual(keys.map((key) => [key.id]))
})

it('a key whose place was taken by another write is written again', async () => {
  const [one, two] = [await installation(), await installation()]
  await encryptionKey(two, destination, id, signal)
  const before = text()
  const restore = (): Promise<void> =>
    Promise.resolve(writeFileSync(join(folder, keysFileName), before))
  const put: Destination['put'] = async (...given) => {
    const stored = await destination.put(...given)
    // Another one had read the file before this one came, and writes it now.
    if (overwritten.length === 0) overwritten.push(await restore())
    return stored
  }
  const overwritten: unknown[] = []
  const key = await encryptionKey(one, { ...destination, put }, id, signal)
  expect(overwritten).toHaveLength(1)
  expect(await opened(one)).toEqual([key.id])
  expect(await opened(two)).toHaveLength(1)
})

it('a key that was lost while the dump was made is there before the manifest is', async () => {
  const one = await installation()
  const key = await encryptionKey(one, destination, id, signal)
  writeFileSync(join(folder, keysFileName), '')
  const stores = openStores({ file: join(home.path, 'quayside.db'), clock })
  stores.destinations.insert({
    id,
    name: 'near',
    kind: 'any',
    config: {},
    secretNames: [],
    createdAt: 1,
    lastCheck: null,
    marker: 'none',
  })
  const { seal: _, ...own } = someManifest()
  const encryption = { cipher: 'AES-256-GCM', chunkBytes: 1_048_576, keyId: key.id } as const
  const described = { ...own, object: { ...own.object, encryption } }
  const deps = { ...one, stores, clock, publish: () => undefined }
  await keepCopy(deps, destination, id, { described, madeHere: true }, signal)
  expect(await opened(one)).toEqual([key.id])
  stores.close()
})

it('a file of keys that is damaged is kept beside the one that is written anew', async () => {
  const one = await installation()
  const key = await encryptionKey(one, destination, id, signal)
  const half = text().slice(0, 40)
  writeFileSync(join(folder, keysFileName), half)
  expect(await encryptionKey(one, destination, id, signal)).toEqual(key)
  expect(await opened(one)).toEqual([key.id])
  const aside = readdirSync(folder).filter((name) => name.startsWith('quayside-keys-damaged-'))
  expect(aside.map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual([half])
})
