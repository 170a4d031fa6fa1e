import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { toErrorData } from '../../../shared/errors.ts'
import type { Clock, Secrets } from '../../domain/ports.ts'
import { createSecrets } from './index.ts'
import { keychainUnavailable } from './keychain-error.ts'
import type { Keytar } from './keytar.ts'
import { deriveKey, newHeader, parseVault, seal, unseal } from './vault-file.ts'

const passphrase = 'correct horse battery staple'
const clock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}
/** While there is a vault, nobody asks the keychain. */
const untouchable = (): Promise<Keytar> =>
  Promise.reject(keychainUnavailable('the keychain was asked'))

let home: string
let path: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'quayside-vault-'))
  path = join(home, 'vault.json')
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const open = (told: string[] = []): Secrets =>
  createSecrets({
    home,
    service: 'Quayside',
    clock,
    redact: { add: (secret) => told.push(secret) },
    load: untouchable,
  })
const code = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: unknown) => toErrorData(error).code,
  )
const state = async (secrets: Secrets): Promise<string> => {
  const { place, state: found } = await secrets.status()
  return `${place} ${found}`
}

describe('the vault', () => {
  test('is made only when asked for, and then keeps what it is given', async () => {
    const told: string[] = []
    const secrets = open(told)
    expect(await code(secrets.set('a', 'x'))).toBe('keychain_unavailable')
    expect(readdirSync(home)).toEqual([])
    await secrets.createVault(passphrase)
    expect(await state(secrets)).toBe('vault ready')
    await secrets.set('database/1/password', 'tr3asure-ö')
    expect(await secrets.get('database/1/password')).toBe('tr3asure-ö')
    expect(await secrets.get('database/2/password')).toBeNull()

    const later = open(told)
    expect(await state(later)).toBe('vault locked')
    expect(await code(later.get('database/1/password'))).toBe('vault_locked')
    expect(await code(later.set('b', 'x'))).toBe('vault_locked')
    expect(await code(later.unlockVault('correct horse'))).toBe('vault_passphrase_wrong')
    expect(await code(later.get('database/1/password'))).toBe('vault_locked')
    await later.unlockVault(passphrase)
    expect(await later.get('database/1/password')).toBe('tr3asure-ö')
    await later.delete('database/1/password')
    await later.delete('database/1/password')
    expect(await secrets.get('database/1/password')).toBeNull()
    expect(told).toEqual(expect.arrayContaining([passphrase, 'tr3asure-ö']))
  })

  test('lies in one private file that tells nothing', async () => {
    const secrets = open()
    await secrets.createVault(passphrase)
    await secrets.set('database/1/password', 'tr3asure')
    expect(readdirSync(home)).toEqual(['vault.json'])
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const text = readFileSync(path, 'utf8')
    for (const hidden of ['tr3asure', 'database/1', passphrase]) expect(text).not.toContain(hidden)
    for (const part of text.match(/[A-Za-z0-9+/=]{8,}/g) ?? []) {
      expect(Buffer.from(part, 'base64').toString('latin1')).not.toContain('tr3asure')
    }
  })

  test('is not made twice', async () => {
    await open().createVault(passphrase)
    const before = readFileSync(path)
    expect(await code(open().createVault('another passphrase'))).toBe('invalid_input')
    expect(readFileSync(path).equals(before)).toBe(true)
    const [one, two] = [open(), open()]
    rmSync(path)
    const both = await Promise.all([
      code(one.createVault(passphrase)),
      code(two.createVault('x'.repeat(12))),
    ])
    expect(both.sort()).toEqual(['invalid_input', 'none'])
  })

  test('loses nothing when two that have it open write at once', async () => {
    const [window, commandLine] = [open(), open()]
    await window.createVault(passphrase)
    await commandLine.unlockVault(passphrase)
    const keys = Array.from({ length: 20 }, (_, index) => `key/${String(index)}`)
    await Promise.all(keys.map((key, index) => (index % 2 ? window : commandLine).set(key, key)))
    for (const key of keys) expect(await window.get(key)).toBe(key)
    expect(readdirSync(home)).toEqual(['vault.json'])
  })

  test('goes on past a lock that a dead process left behind', async () => {
    const secrets = open()
    await secrets.createVault(passphrase)
    // No process has this pid: it is above every system's limit.
    writeFileSync(`${path}.lock`, '99999999 left')
    await secrets.set('a', 'x')
    expect(await secrets.get('a')).toBe('x')
    expect(readdirSync(home)).toEqual(['vault.json'])
  })

  test('that was replaced by another one is locked', async () => {
    const secrets = open()
    await secrets.createVault(passphrase)
    rmSync(path)
    await open().createVault('another passphrase')
    expect(await code(secrets.set('a', 'x'))).toBe('vault_locked')
    expect(await state(secrets)).toBe('vault locked')
  })

  test('without a file there is nothing to unlock', async () => {
    expect(await code(open().unlockVault(passphrase))).toBe('not_found')
  })
})

describe('a damaged vault', () => {
  test.each([
    ['cut short', (text: string) => text.slice(0, text.length / 2)],
    ['emptied', () => ''],
    [
      'with a letter changed',
      (text: string) =>
        text.replace(
          /("sealed": ")(.)/,
          (_, key: string, letter: string) => `${key}${letter === 'A' ? 'B' : 'A'}`,
        ),
    ],
    ['with a weaker key', (text: string) => text.replace('131072', '32768')],
    ['of another format', () => '{"secrets":{}}'],
  ])('%s says so and is left as it is', async (_, damage) => {
    const secrets = open()
    await secrets.createVault(passphrase)
    await secrets.set('a', 'x')
    writeFileSync(path, damage(readFileSync(path, 'utf8')))
    const before = readFileSync(path)
    for (const each of [secrets, open()]) {
      const { place, state: found, error } = await each.status()
      expect([place, found, error?.code]).toEqual(['vault', 'absent', 'vault_damaged'])
      expect(await code(each.unlockVault(passphrase))).toBe('vault_damaged')
    }
    expect(await code(secrets.get('a'))).toBe('vault_damaged')
    expect(await code(secrets.set('a', 'y'))).toBe('vault_damaged')
    expect(await code(secrets.createVault(passphrase))).toBe('invalid_input')
    expect(readFileSync(path).equals(before)).toBe(true)
  })
})

test('what is sealed is unsealed, by the same key and header only', async () => {
  const header = newHeader()
  const key = await deriveKey(passphrase, header)
  const secrets = fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.string()))
  fc.assert(
    fc.property(secrets, (entries) => {
      const map = new Map(entries)
      map.delete('__proto__')
      const file = parseVault(path, seal(header, key, map))
      expect(unseal(path, file, key)).toEqual(map)
      const otherKey = Buffer.from(key)
      otherKey[0] = (otherKey[0] ?? 0) ^ 1
      expect(() => unseal(path, file, otherKey)).toThrow()
      const forged = { ...file, header: { ...file.header, kdf: { ...file.header.kdf, p: 2 } } }
      expect(() => unseal(path, forged, key)).toThrow()
    }),
    { numRuns: 50 },
  )
})
