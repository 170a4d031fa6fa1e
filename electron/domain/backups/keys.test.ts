import { createHmac, hkdfSync, randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { canonicalJson, type BackupManifest } from '../../../shared/backup-manifest.ts'
import { destinationIdSchema } from '../../../shared/contract/destinations.ts'
import { createBackupKeys } from './keys.ts'
import { readKeysFile, unwrapKeys, wrapKey } from './keys-file.ts'
import { createRecoveryKey } from './recovery-key.ts'
import { readRecoveryKey, writeRecoveryKey } from './recovery-key-text.ts'
import { checkSeal, sealManifest } from './seal.ts'

/** A keychain in memory: the real one is under test with its adapter. */
function keychain() {
  const kept = new Map<string, string>()
  return {
    kept,
    get: async (key: string) => kept.get(key) ?? null,
    set: async (key: string, value: string) => void kept.set(key, value),
    delete: async (key: string) => void kept.delete(key),
  }
}

let now = Date.UTC(2026, 10, 21)
const clock = { now: () => (now += 1000) }
const computer = (secrets = keychain()) => ({
  secrets,
  keys: createBackupKeys({ secrets, clock }),
  recovery: createRecoveryKey({ secrets, clock }),
})
const recoveryBytes = Uint8Array.from({ length: 32 }, (_, n) => n)
const somePlace = () => destinationIdSchema.parse(randomUUID())
let place = somePlace()
beforeEach(() => {
  place = somePlace()
})

describe('the keys of a destination', () => {
  it('are made once, also by calls at the same moment', async () => {
    const { keys, secrets } = computer()
    const [a, b] = await Promise.all([keys.current(place), keys.current(place)])
    expect(a).toEqual(b)
    expect(a.bytes.length).toBe(32)
    expect(await createBackupKeys({ secrets, clock }).current(place)).toEqual(a)
    expect((await keys.current(somePlace())).id).not.toBe(a.id)
  })

  it('are rotated: a new one is current, the old one still opens', async () => {
    const { keys } = computer()
    const old = await keys.current(place)
    const fresh = await keys.rotate(place)
    expect(await keys.current(place)).toEqual(fresh)
    expect(await keys.byId(place, old.id)).toEqual(old)
    expect((await keys.all(place)).map(({ id }) => id)).toEqual([old.id, fresh.id])
  })

  it('that are missing are said to be, and never made anew where one should be', async () => {
    const { keys, secrets } = computer()
    const key = await keys.current(place)
    await expect(keys.byId(place, randomUUID())).rejects.toMatchObject({
      code: 'backup_key_missing',
    })
    secrets.kept.delete(`destination/${place}/key/${key.id}`)
    await expect(keys.current(place)).rejects.toMatchObject({ code: 'backup_key_missing' })
  })

  it('are not used when the keychain did not keep them', async () => {
    const secrets = { ...keychain(), set: async () => undefined }
    await expect(createBackupKeys({ secrets, clock }).current(place)).rejects.toMatchObject({
      code: 'keychain_unavailable',
    })
  })

  it('come to another computer by the keys file and the recovery key alone', async () => {
    const here = computer()
    const old = await here.keys.current(place)
    const using = await here.keys.rotate(place)
    const recoveryKey = readRecoveryKey(await here.recovery.reveal())
    const wanted = { destinationId: place, recoveryKey, using }
    const file = (await here.keys.keysFile({ ...wanted, file: null })) ?? ''
    expect(await here.keys.keysFile({ ...wanted, file })).toBeNull()

    const there = computer()
    expect(await there.keys.takeOver(place, file, recoveryKey)).toBe(2)
    expect(await there.keys.byId(place, old.id)).toEqual(old)
    expect(await there.keys.current(place)).toEqual(using)
    await there.keys.forget(place)
    expect(there.secrets.kept.size).toBe(0)
  })

  it('of two installations share a keys file, each opened by its own recovery key', async () => {
    const [one, two] = [computer(), computer()]
    const first = {
      destinationId: place,
      recoveryKey: readRecoveryKey(await one.recovery.reveal()),
      using: await one.keys.current(place),
    }
    const second = {
      destinationId: place,
      recoveryKey: readRecoveryKey(await two.recovery.reveal()),
      using: await two.keys.current(place),
    }
    const file = await one.keys.keysFile({ ...first, file: null })
    const both = readKeysFile((await two.keys.keysFile({ ...second, file })) ?? '')
    expect(unwrapKeys(both, first.recoveryKey)).toEqual([first.using])
    expect(unwrapKeys(both, second.recoveryKey)).toEqual([second.using])
    expect(() => unwrapKeys(both, recoveryBytes)).toThrow(
      expect.objectContaining({ code: 'recovery_key_wrong' }),
    )
  })
})

describe('a wrapped key', () => {
  const key = {
    id: '00112233-4455-4677-8899-aabbccddeeff',
    createdAt: '2026-11-21T00:00:00.000Z',
    bytes: Buffer.alloc(32, 3),
  }

  it('is what a second implementation says it is', () => {
    // By Python's `cryptography`: AESGCM(HKDF(recovery key, salt)).encrypt(zeros, key, id).
    expect(wrapKey(key, recoveryBytes, Buffer.alloc(32, 4))).toEqual({
      id: key.id,
      createdAt: key.createdAt,
      recoveryKeyId: '47a7e08f0f285660',
      salt: '04'.repeat(32),
      wrapped:
        '3963a88092bb168360e5dccdb43fad623cb6f8d97616fb7778a8bda29b916d0b' +
        'c12b0bd99d9e254a4e8a768deaf0b1e5',
    })
  })

  it('that was changed is damaged', () => {
    const wrapped = wrapKey(key, recoveryBytes)
    const other = { ...wrapped, id: randomUUID() }
    const bit = {
      ...wrapped,
      wrapped: wrapped.wrapped.replace(/^./, (x) => (x === '0' ? '1' : '0')),
    }
    for (const each of [other, bit])
      expect(() =>
        unwrapKeys({ format: 'quayside-keys', version: 1, keys: [each] }, recoveryBytes),
      ).toThrow(expect.objectContaining({ code: 'backup_damaged' }))
  })

  it.each([
    ['backup_damaged', '{"format":"quayside-keys"'],
    ['backup_damaged', '{"format":"quayside-keys","version":1,"keys":[{}]}'],
    ['backup_newer', '{"format":"quayside-keys","version":2,"doors":[]}'],
  ])('in a file that can’t be read: %s', (code, text) => {
    expect(() => readKeysFile(text)).toThrow(expect.objectContaining({ code }))
  })
})

describe('the seal', () => {
  const key = { id: randomUUID(), bytes: Buffer.alloc(32, 3) }
  const manifest = { id: 'a', tables: [{ rows: 1, name: 'b' }], seal: null } as unknown
  const sealed = sealManifest(manifest as BackupManifest, key)

  it('is an HMAC over the canonical text, by a key that is derived for it alone', () => {
    const derived = hkdfSync('sha256', key.bytes, '', 'quayside manifest seal v1', 32)
    // By Python: the same derivation.
    expect(Buffer.from(derived).toString('hex')).toBe(
      '191a2b7013262b75a2ab5ffde0ffa9839b6caa1b614c3db25fe9ed2c75011667',
    )
    const text = canonicalJson({ tables: [{ name: 'b', rows: 1 }], id: 'a' })
    expect(sealed.seal).toBe(createHmac('sha256', Buffer.from(derived)).update(text).digest('hex'))
    expect(() => checkSeal(sealed, key)).not.toThrow()
  })

  it.each([
    ['changed', { ...sealed, warnings: ['x'] }],
    ['without a seal', { ...sealed, seal: null }],
    ['with another seal', { ...sealed, seal: '0'.repeat(64) }],
  ])('does not fit a manifest that is %s', (_how, changed) => {
    expect(() => checkSeal(changed, key)).toThrow(
      expect.objectContaining({ code: 'backup_damaged' }),
    )
  })
})

describe('the recovery key', () => {
  it('is made when it is first shown, and is the same ever after', async () => {
    const { recovery, secrets } = computer()
    expect(await recovery.status()).toEqual({ exists: false, savedAt: null })
    const [one, two] = await Promise.all([recovery.reveal(), recovery.reveal()])
    expect(one).toBe(two)
    expect(await computer(secrets).recovery.reveal()).toBe(one)
    expect(await recovery.status()).toEqual({ exists: true, savedAt: null })
  })

  it('is not used before the user has confirmed that it is saved', async () => {
    const { recovery } = computer()
    const unsaved = { code: 'recovery_key_unsaved' }
    await expect(recovery.whenSaved()).rejects.toMatchObject(unsaved)
    const text = await recovery.reveal()
    await expect(recovery.whenSaved()).rejects.toMatchObject(unsaved)
    for (const wrong of ['', 'AAAAA', text.slice(0, -1), writeRecoveryKey(recoveryBytes)])
      await expect(recovery.confirm(wrong)).rejects.toMatchObject({ code: 'recovery_key_wrong' })
    await expect(recovery.whenSaved()).rejects.toMatchObject(unsaved)
    await recovery.confirm(text.toLowerCase())
    expect(await recovery.whenSaved()).toEqual(readRecoveryKey(text))
    expect((await recovery.status()).savedAt).toBe(now)
  })

  it('is confirmed by its last group too', async () => {
    const { recovery } = computer()
    await recovery.confirm((await recovery.reveal()).slice(-5))
    await expect(recovery.whenSaved()).resolves.toHaveLength(32)
  })

  it('of another computer becomes this one’s where it has none, and replaces none', async () => {
    const { recovery } = computer()
    expect(await recovery.adopt(recoveryBytes)).toBe(true)
    expect(await recovery.whenSaved()).toEqual(recoveryBytes)
    expect(await recovery.adopt(Uint8Array.from({ length: 32 }, () => 9))).toBe(false)
    expect(await recovery.reveal()).toBe(writeRecoveryKey(recoveryBytes))
  })

  it('was confirmed for itself alone: another one has to be saved again', async () => {
    const { recovery, secrets } = computer()
    await recovery.adopt(recoveryBytes)
    secrets.kept.set('recovery-key', writeRecoveryKey(Uint8Array.from({ length: 32 }, () => 9)))
    expect(await recovery.status()).toEqual({ exists: true, savedAt: null })
  })
})
