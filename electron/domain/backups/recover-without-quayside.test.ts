import { spawnSync } from 'node:child_process'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeManifest, type BackupManifest, type Codec } from '../../../shared/backup-manifest.ts'
import { backupNames, keysFileName } from '../../../shared/backup-names.ts'
import { createCodecs } from '../../adapters/compression/index.ts'
import { addToKeysFile, wrapKey, writeKeysFile } from './keys-file.ts'
import { writeRecoveryKey } from './recovery-key-text.ts'
import { sealManifest } from './seal.ts'
import { encrypt } from './stream/encrypt.ts'

// The script of the guide, as it is printed there, with the real tools.
const guide = readFileSync(join(import.meta.dirname, '../../../docs/recover-without-quayside.md'))
const script = /^```sh\n([\s\S]*?)^```/m.exec(guide.toString())?.[1] ?? ''
const installed = (tool: string): boolean => !spawnSync(tool, ['--version']).error

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex')
const recoveryKey = randomBytes(32)
const key = { id: randomUUID(), createdAt: new Date(0).toISOString(), bytes: randomBytes(32) }
const codecs = createCodecs()

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'quayside-recover-'))
  writeFileSync(join(home, 'recover.sh'), script)
})
afterEach(() => {
  rmSync(home, { recursive: true })
})

/** A backup as it lies at a destination; gives the path of its manifest. */
async function lay(dump: Buffer, codec: Codec, encrypted: boolean): Promise<string> {
  const identity = {
    container: 'shop-production-db',
    databaseId: randomUUID(),
    createdAt: Date.UTC(2026, 10, 21),
  }
  const names = backupNames(identity, { codec, encrypted })
  const packed = await buffer(Readable.from([dump]).pipe(codecs.compress(codec)))
  const locked = (content: Buffer): Promise<Buffer> =>
    encrypted ? buffer(Readable.from([content]).pipe(encrypt(key))) : Promise.resolve(content)
  const [stored, roles] = [await locked(packed), await locked(Buffer.from('{"roles":[]}'))]
  const base = (name: string): string => name.slice(names.folder.length + 1)
  const manifest: BackupManifest = {
    format: 'quayside-backup',
    version: 1,
    id: randomUUID(),
    createdAt: new Date(identity.createdAt).toISOString(),
    database: {
      id: identity.databaseId,
      name: 'shop',
      environment: 'production',
      engine: 'db',
      container: identity.container,
      host: 'one',
      serverVersion: '17',
      image: 'db:17',
      imageId: 'sha256:0',
      logicalName: 'a "name": with {every} thing',
      user: 'shop',
    },
    dump: {
      tool: 'dump 17',
      format: 'custom',
      plainBytes: dump.length,
      plainSha256: sha256(dump),
      codec,
      compressedAt: 'here',
      compressedBytes: packed.length,
      compressedSha256: sha256(packed),
    },
    object: {
      name: base(names.dump),
      bytes: stored.length,
      sha256: sha256(stored),
      encryption: encrypted
        ? { cipher: 'AES-256-GCM', chunkBytes: 1_048_576, keyId: key.id }
        : null,
    },
    companions: [
      { kind: 'roles', name: base(names.roles), bytes: roles.length, sha256: sha256(roles) },
    ],
    tables: [{ schema: 'public', name: 'name', rows: 1 }],
    warnings: ['with "codec":"none" in it'],
    madeBy: { quayside: '0.1.0', schedule: true },
    seal: null,
  }
  mkdirSync(join(home, names.folder))
  writeFileSync(join(home, names.dump), stored)
  writeFileSync(join(home, names.roles), roles)
  writeFileSync(
    join(home, names.manifest),
    writeManifest(encrypted ? sealManifest(manifest, key) : manifest),
  )
  // Beside another installation's, which comes first.
  const keys = [wrapKey(key, randomBytes(32)), wrapKey(key, recoveryKey)]
  writeFileSync(join(home, keysFileName), writeKeysFile(addToKeysFile(null, keys)))
  return names.manifest
}

function recover(manifest: string, typed: Uint8Array = recoveryKey) {
  const input = `${writeRecoveryKey(typed)}\n`
  return spawnSync('sh', ['recover.sh', manifest, keysFileName], { cwd: home, input })
}

const dump = Buffer.concat([Buffer.from('PGDMP'), randomBytes(2_300_000), Buffer.alloc(400_000)])

describe('the script of the guide', () => {
  it.each([
    ['gzip', true, 'gunzip'],
    ['zstd', true, 'zstd'],
    ['lz4', true, 'lz4'],
    ['none', true, 'cat'],
    ['gzip', false, 'gunzip'],
    ['none', false, 'cat'],
  ] as const)('recovers %s, encrypted: %s', async (codec, encrypted, needs) => {
    if (!installed(needs)) return
    const ran = recover(await lay(dump, codec, encrypted))
    expect(ran.stderr.toString()).toContain('The dump is whole')
    expect(ran.status).toBe(0)
    expect(readFileSync(join(home, 'dump')).equals(dump)).toBe(true)
    expect(readFileSync(join(home, 'roles.json'), 'utf8')).toBe('{"roles":[]}')
  })

  it('recovers a dump that fills its chunks to the byte', async () => {
    const even = randomBytes(2 * 1_048_576)
    expect(recover(await lay(even, 'none', true)).status).toBe(0)
    expect(readFileSync(join(home, 'dump')).equals(even)).toBe(true)
  })

  it('does not take another recovery key', async () => {
    const ran = recover(await lay(dump, 'none', true), randomBytes(32))
    expect(ran.status).toBe(1)
    expect(ran.stderr.toString()).toContain('this recovery key does not open it')
  })

  it.each([
    ['a bit of the dump', '.dump.enc', 'the dump is damaged'],
    ['the manifest', '.manifest.json', 'the manifest has been changed'],
    ['the roles', '.roles.json.enc', 'the roles are damaged'],
  ])('does not call a backup whole when %s was changed', async (_what, end, says) => {
    const manifest = await lay(dump, 'none', true)
    const path = join(home, manifest.replace('.manifest.json', end))
    const content = readFileSync(path)
    if (end === '.manifest.json')
      writeFileSync(path, content.toString().replace('"rows":1', '"rows":2'))
    else {
      // Before the last tag.
      const at = content.length - 20
      content.writeUInt8(content.readUInt8(at) ^ 1, at)
      writeFileSync(path, content)
    }
    const ran = recover(manifest)
    expect(ran.status).toBe(1)
    expect(ran.stderr.toString()).toContain(says)
  })
})
