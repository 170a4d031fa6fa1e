import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  canonicalJson,
  readManifest,
  sealedText,
  writeManifest,
  type BackupManifest,
} from './backup-manifest.ts'

const sha = (digit: string): string => digit.repeat(64)

const manifest: BackupManifest = {
  format: 'quayside-backup',
  version: 1,
  id: '5a0f6a3e-6d0b-4a36-9d0e-2f0c7a9b1c11',
  createdAt: '2026-11-21T03:04:05.000Z',
  database: {
    id: '0b5c3f2e-1d2a-4c1b-8d8e-0123456789ab',
    name: 'shop',
    environment: 'production',
    engine: 'elephant',
    container: 'shop-production-elephant',
    host: 'hetzner-1',
    serverVersion: '17.2',
    image: 'elephant:17',
    imageId: `sha256:${sha('a')}`,
    logicalName: 'shop',
    user: 'shop',
  },
  dump: {
    tool: 'dumper 17.2',
    format: 'custom',
    plainBytes: 3_000_000_000,
    plainSha256: sha('1'),
    codec: 'zstd',
    compressedAt: 'host',
    compressedBytes: 900,
    compressedSha256: sha('2'),
  },
  object: {
    name: 'shop-production-elephant-20261121-030405.dump.zst.enc',
    bytes: 1028,
    sha256: sha('3'),
    encryption: {
      cipher: 'AES-256-GCM',
      chunkBytes: 1_048_576,
      keyId: '7d1b3c52-8a52-4e43-a3a0-4f3a52a6a1f0',
    },
  },
  companions: [
    {
      kind: 'roles',
      name: 'shop-production-elephant-20261121-030405.roles.json.enc',
      bytes: 700,
      sha256: sha('4'),
    },
  ],
  tables: [{ schema: 'public', name: 'Bestellungen “ä”', rows: 12 }],
  warnings: [],
  madeBy: { quayside: '0.1.0', schedule: true },
  seal: sha('5'),
}

describe('canonical JSON', () => {
  it('is the same text for the same data, and reads as that data', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const data: unknown = JSON.parse(json)
        const text = canonicalJson(data)
        expect(canonicalJson(JSON.parse(text))).toBe(text)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(data)))
      }),
    )
  })

  it('sorts keys at every depth and keeps the order of lists', () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }, 2], a: 'x' })).toBe(
      '{"a":"x","b":[{"c":null,"d":1},2]}',
    )
  })
})

describe('a manifest', () => {
  it('is read as it was written', () => {
    expect(readManifest(writeManifest(manifest))).toEqual(manifest)
    expect(readManifest(JSON.stringify(manifest, null, 2))).toEqual(manifest)
  })

  it('is sealed over everything but its seal, and the seal can be cut out of the text', () => {
    const text = writeManifest(manifest)
    expect(text.replace(/"seal":"[0-9a-f]*",/, '').trimEnd()).toBe(sealedText(manifest))
    expect(sealedText({ ...manifest, seal: null })).toBe(sealedText(manifest))
  })

  it('of a newer Quayside is said to be newer, whatever it holds', () => {
    const newer = { format: 'quayside-backup', version: 2, anything: true }
    expect(() => readManifest(JSON.stringify(newer))).toThrow(
      expect.objectContaining({ code: 'backup_newer' }),
    )
  })

  it('that is cut off is damaged, at every length', () => {
    const text = writeManifest(manifest).trimEnd()
    for (let length = 0; length < text.length; length += 7)
      expect(() => readManifest(text.slice(0, length))).toThrow(
        expect.objectContaining({ code: 'backup_damaged' }),
      )
  })

  it.each<[string, unknown]>([
    ['another file', { hello: 1 }],
    ['a list', []],
    ['nothing', null],
    ['an unknown key', { ...manifest, password: 'x' }],
    ['a name that leads elsewhere', { ...manifest, object: { ...manifest.object, name: '../a' } }],
    ['a wrong hash', { ...manifest, object: { ...manifest.object, sha256: 'A'.repeat(64) } }],
    ['bytes below zero', { ...manifest, object: { ...manifest.object, bytes: -1 } }],
  ])('with %s is damaged', (_what, content) => {
    expect(() => readManifest(JSON.stringify(content))).toThrow(
      expect.objectContaining({ code: 'backup_damaged' }),
    )
  })
})
