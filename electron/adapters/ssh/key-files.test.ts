import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findKeyFiles } from './key-files.ts'
import { parsePrivateKey, readKey } from './private-key.ts'

let folder = ''
const file = (name: string) => join(folder, name)
const make = (name: string, type: string, passphrase = '', ...more: string[]) =>
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-f', file(name), ...more])

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'quayside-keys-'))
  make('plain', 'ed25519')
  make('locked', 'ed25519', 'correct horse')
  make('pem', 'rsa', 'correct horse', '-b', '2048', '-m', 'PEM')
  make('ecdsa', 'ecdsa')
  mkdirSync(file('directory'))
  writeFileSync(file('notes'), 'not a key')
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('readKey', () => {
  it.each(['plain', 'ecdsa'])('reads a %s key, whatever passphrase is at hand', async (name) => {
    expect((await readKey(file(name), null)).isPrivateKey()).toBe(true)
    expect((await readKey(file(name), 'not needed')).isPrivateKey()).toBe(true)
  })

  it.each(['locked', 'pem'])('opens an encrypted key (%s) by its passphrase only', async (name) => {
    expect((await readKey(file(name), 'correct horse')).isPrivateKey()).toBe(true)
    await expect(readKey(file(name), null)).rejects.toMatchObject({
      code: 'passphrase_needed',
      field: 'secret',
    })
    await expect(readKey(file(name), 'battery')).rejects.toMatchObject({
      code: 'passphrase_wrong',
      field: 'secret',
    })
  })

  it.each([
    ['nothing', 'key_file_missing', 'There is no file'],
    ['plain.pub', 'key_file_invalid', 'is a public key'],
    ['notes', 'key_file_invalid', 'is no private key'],
    ['directory', 'key_file_invalid', 'cannot be read'],
  ])('says what is wrong with %s', async (name, code, words) => {
    const error: unknown = await readKey(file(name), null).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code, field: 'connection.login.path' })
    expect(String(error)).toContain(words)
  })

  it('names a PuTTY key and a hardware key for what they are', () => {
    const head = Buffer.from('openssh-key-v1\0\0\0\0\x04none\0\0\0\x1ask-ssh-ed25519@openssh.com')
    const hardware = `-----BEGIN OPENSSH PRIVATE KEY-----\n${head.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`
    expect(() => parsePrivateKey('PuTTY-User-Key-File-3: ssh-ed25519', 'k', null)).toThrow('PuTTY')
    expect(() => parsePrivateKey(hardware, 'k', null)).toThrow('hardware security key')
  })

  it('says how to turn an encrypted PKCS#8 key into one that can be read', () => {
    const pkcs8 = execFileSync(
      'openssl',
      ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-passout', 'pass:x', '-in', file('rsa8')],
      { input: makeRsa() },
    ).toString()
    expect(() => parsePrivateKey(pkcs8, 'k', null)).toThrow(
      expect.objectContaining({
        code: 'key_file_invalid',
        hint: expect.stringContaining('ssh-keygen -p') as string,
      }),
    )
  })
})

function makeRsa(): Buffer {
  make('rsa8', 'rsa', '', '-b', '2048', '-m', 'PEM')
  return readFileSync(file('rsa8'))
}

describe('findKeyFiles', () => {
  it('finds private keys by their content', async () => {
    const found = await findKeyFiles(folder)
    expect(found).toEqual(expect.arrayContaining(['ecdsa', 'locked', 'pem', 'plain'].map(file)))
    expect(found).not.toContain(file('plain.pub'))
    expect(found).not.toContain(file('notes'))
  })

  it('finds none where there is no folder', async () => {
    expect(await findKeyFiles(file('nowhere'))).toEqual([])
  })
})
