import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSecrets } from '../../electron/adapters/keychain/index.ts'
import { compose } from '../../electron/compose.ts'
import type { Core } from '../../electron/domain/core.ts'
import { secretKeys } from '../../electron/domain/ports.ts'
import { codecs, readManifest, type Codec } from '../../shared/backup-manifest.ts'
import { markerName } from '../../electron/destinations/destination.ts'
import { keysFileName } from '../../shared/backup-names.ts'
import type { BackupId, BackupView } from '../../shared/contract/backups.ts'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import type { DestinationId } from '../../shared/contract/destinations.ts'
import type { JobId } from '../../shared/contract/jobs.ts'
import {
  coreOnLab,
  create,
  discard,
  expectDone,
  finished,
  sqlOnLab,
  type CoreOnLab,
} from '../faults/core-on-lab.ts'
import { labVersion } from '../faults/lab-version.ts'
import { clock } from './ssh-connector.ts'
import { freshName } from './docker-bench.ts'

const kind = 'local-folder'
const rows = 20_000
const canary = `canary-${randomBytes(8).toString('hex')}`
// A vault of its own for each installation: the keychain of a person has one recovery key for all.
const passphrase = randomBytes(12).toString('hex')

/** A place for backups at this folder. */
async function addFolder(core: Core, name: string, folder: string): Promise<DestinationId> {
  await mkdir(folder, { recursive: true })
  return (await core.destinations.add({ name, kind, config: { folder }, secrets: {} })).id
}

/** Until nothing is left to do: one job of a backup's life enqueues the next. */
async function settled(core: Core): Promise<void> {
  for (;;) {
    const jobs = await core.jobs.list({ limit: 50 })
    const active = jobs.filter(({ state }) => state === 'waiting' || state === 'running')
    if (active.length === 0) return
    for (const { id } of active) await finished(core, id)
  }
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name))
}

// One story, in order: each part stands on the one before.
describe('encrypted backups', { timeout: 120_000 }, () => {
  const name = freshName('enc')
  let on: CoreOnLab
  let folder = ''
  let databaseId: DatabaseId
  let near: DestinationId
  let far: DestinationId
  let recoveryKey = ''
  const made = new Map<Codec, BackupId>()

  const place = (...parts: string[]): string => join(folder, ...parts)
  const backUp = (codec: Codec, destinationIds = [near]) =>
    on.core.backups.create({ databaseId, destinationIds, codec, encrypt: true })
  const backup = async (id: BackupId, core = on.core): Promise<BackupView> => {
    const found = (await core.backups.list({})).find((each) => each.id === id)
    if (found === undefined) throw new Error('there is no such backup')
    return found
  }
  const verify = async (id: BackupId, destinationId = near, core = on.core): Promise<JobId> =>
    (await core.backups.verify({ id, destinationId })).jobId
  const failure = async (jobId: JobId): Promise<unknown> => (await finished(on.core, jobId)).error
  const copyIn = async (id: BackupId, destinationId = near) => {
    const copy = (await backup(id)).copies.find((each) => each.destinationId === destinationId)
    if (copy === undefined) throw new Error('there is no copy there')
    return copy
  }
  const manifestOf = async (id: BackupId, at: 'near' | 'far') => {
    const copy = await copyIn(id, at === 'near' ? near : far)
    const path = place(at, copy.name.replace(/\.dump.*$/, '.manifest.json'))
    return { path, manifest: readManifest(await readFile(path, 'utf8')) }
  }
  const keyIdOf = async (id: BackupId, at: 'near' | 'far' = 'near') =>
    (await manifestOf(id, at)).manifest.object.encryption?.keyId

  beforeAll(async () => {
    on = await coreOnLab()
    await on.core.secrets.createVault({ passphrase })
    on.core.work()
    folder = await mkdtemp(join(tmpdir(), 'quayside-encrypted-'))
    const { id, jobId } = await create(on, name)
    databaseId = id
    await expectDone(on.core, jobId)
    const sql = `CREATE TABLE lines AS SELECT n, '${canary}' AS text FROM generate_series(1, ${rows}) n`
    await sqlOnLab(on, id, sql)
    near = await addFolder(on.core, 'near', place('near'))
    far = await addFolder(on.core, 'far', place('far'))
  }, 120_000)
  afterAll(async () => {
    await discard(on.core, databaseId, name)
    await on.close()
    await rm(folder, { recursive: true, force: true })
  }, 60_000)

  it('are refused until the recovery key is saved, and leave nothing', async () => {
    const refused = { code: 'recovery_key_unsaved' }
    expect(await failure((await backUp('gzip')).jobId)).toMatchObject(refused)
    recoveryKey = (await on.core.recoveryKey.reveal({})).text
    expect(await failure((await backUp('gzip')).jobId)).toMatchObject(refused)
    await expect(on.core.destinations.rotateKey({ id: near })).rejects.toMatchObject(refused)
    expect((await filesIn(folder)).filter((file) => !file.endsWith(markerName))).toEqual([])
    expect(await on.core.backups.list({})).toEqual([])
    await on.core.recoveryKey.confirm({ text: recoveryKey })
  })

  it.each(codecs)('are made and verified with %s', async (codec) => {
    const { id, jobId } = await backUp(codec)
    await expectDone(on.core, jobId)
    await settled(on.core)
    made.set(codec, id)
    const copy = await copyIn(id)
    expect(copy).toMatchObject({ encrypted: true, problem: null })
    expect(copy.verifiedAt).not.toBeNull()
    const extension = { none: '', gzip: '.gz', zstd: '.zst', lz4: '.lz4' }[codec]
    expect(copy.name).toMatch(new RegExp(`\\.dump${extension.replace('.', '\\.')}\\.enc$`))
  })

  it('have a key of their own at each destination', async () => {
    const { id, jobId } = await backUp('none', [near, far])
    await expectDone(on.core, jobId)
    await settled(on.core)
    const { copies } = await backup(id)
    expect(copies.map((copy) => [copy.verifiedAt !== null, copy.problem])).toEqual([
      [true, null],
      [true, null],
    ])
    const keyIds = [await keyIdOf(id, 'near'), await keyIdOf(id, 'far')]
    expect(keyIds).not.toContain(undefined)
    expect(keyIds[0]).not.toBe(keyIds[1])
    made.set('none', id)
  })

  it('hold no plain text', async () => {
    const files = await filesIn(folder)
    expect(files.filter((file) => file.endsWith('.enc')).length).toBeGreaterThanOrEqual(12)
    for (const file of files) {
      const content = await readFile(file)
      for (const plain of [canary, 'PGDMP', recoveryKey]) {
        expect(content.includes(plain), `${plain} in ${file}`).toBe(false)
      }
    }
  })

  it('get a new key, and the old ones are still read', async () => {
    const old = made.get('zstd')
    if (old === undefined) throw new Error('there is no backup of before')
    const { keyId } = await on.core.destinations.rotateKey({ id: near })
    expect(await readFile(place('near', keysFileName), 'utf8')).toContain(keyId)
    const { id, jobId } = await backUp('gzip')
    await expectDone(on.core, jobId)
    await settled(on.core)
    expect(await keyIdOf(id)).toBe(keyId)
    expect(await keyIdOf(old)).not.toBe(keyId)
    await expectDone(on.core, await verify(old))
    await expectDone(on.core, await verify(id))
    made.set('gzip', id)
  })

  it('are opened by another installation that has the recovery key and nothing else', async () => {
    const home = await mkdtemp(join(tmpdir(), 'quayside-other-'))
    const other = await compose({ home, version: '0.0.0-test' })
    try {
      await other.secrets.createVault({ passphrase })
      other.work()
      const there = await addFolder(other, 'found', place('near'))
      expect(await other.backups.scan({ destinationId: there })).toMatchObject({ unreadable: 0 })
      const [first] = await other.backups.list({})
      if (first === undefined) throw new Error('nothing was found')
      const closed = await verify(first.id, there, other)
      expect((await finished(other, closed)).error).toMatchObject({ code: 'backup_key_missing' })

      const enter = (text: string) => other.recoveryKey.enter({ destinationId: there, text })
      // A sound key of yet another installation.
      const stranger = await strangersKey()
      await expect(enter(stranger)).rejects.toMatchObject({ code: 'recovery_key_wrong' })
      expect(await other.recoveryKey.status({})).toEqual({ exists: false, savedAt: null })
      expect(await enter(recoveryKey)).toEqual({ keys: 2, adopted: true })
      for (const { id } of await other.backups.list({})) {
        await expectDone(other, await verify(id, there, other))
      }
      const verified = (await other.backups.list({})).flatMap(({ copies }) => copies)
      expect(verified.every((copy) => copy.verifiedAt !== null && copy.problem === null)).toBe(true)
    } finally {
      await other.close()
      await rm(home, { recursive: true, force: true })
    }
  })

  it('are restored without Quayside, by the script of the guide and pg_restore', async () => {
    const page = await readFile(new URL('../../docs/recover-without-quayside.md', import.meta.url))
    const script = /^```sh\n([\s\S]*?)^```/m.exec(page.toString())?.[1] ?? ''
    const { path } = await manifestOf(made.get('none') ?? never(), 'near')
    const byHand = place('by-hand')
    await mkdir(byHand)
    const ran = spawnSync('sh', ['-c', script, 'recover.sh', path, place('near', keysFileName)], {
      cwd: byHand,
      input: `${recoveryKey}\n`,
    })
    expect({ code: ran.status, said: ran.stderr.toString() }).toMatchObject({ code: 0 })
    expect(await countIn(await readFile(join(byHand, 'dump')))).toBe(String(rows))
  })

  it('say so when their key is gone from the keychain', async () => {
    const id = made.get('gzip') ?? never()
    const secrets = createSecrets({ home: on.home, service: 'Quayside', clock })
    await secrets.unlockVault(passphrase)
    const place = secretKeys.destinationKey(near, (await keyIdOf(id)) ?? '')
    expect(await secrets.get(place)).not.toBeNull()
    await secrets.delete(place)
    expect(await failure(await verify(id))).toMatchObject({ code: 'backup_key_missing' })
    expect(await failure((await backUp('gzip')).jobId)).toMatchObject({
      code: 'backup_key_missing',
    })
    // It lies at the destination still, and the recovery key opens it.
    await on.core.recoveryKey.enter({ destinationId: near, text: recoveryKey })
    await expectDone(on.core, await verify(id))
  })

  it('leave no key in the data, the logs or the containers', async () => {
    const secrets = createSecrets({ home: on.home, service: 'Quayside', clock })
    await secrets.unlockVault(passphrase)
    const keyIds = [
      await keyIdOf(made.get('zstd') ?? never()),
      await keyIdOf(made.get('gzip') ?? never()),
    ]
    const keys = await Promise.all(
      keyIds.map((keyId) => secrets.get(secretKeys.destinationKey(near, keyId ?? ''))),
    )
    const looked = (await filesIn(on.home)).filter((file) => !file.endsWith('vault.json'))
    expect(looked.some((file) => file.endsWith('quayside.sqlite'))).toBe(true)
    const contents = await Promise.all(looked.map((file) => readFile(file)))
    const { password } = await on.core.databases.reveal({ id: databaseId })
    for (const secret of [...keys, recoveryKey, password]) {
      if (secret === null) throw new Error('a key that is to be looked for is not there')
      for (const [at, content] of contents.entries()) {
        expect(content.includes(secret), looked[at]).toBe(false)
      }
    }
    const left = ['ps', '-aq', '--filter', 'label=io.quayside.job.id']
    expect((await on.lab.docker('h1', left)).stdout).toBe('')
    expect((await stat(join(on.home, 'vault.json'))).mode & 0o077).toBe(0)
  })

  /** What a fresh server answers that was filled from this dump alone. */
  async function countIn(dump: Buffer): Promise<string> {
    const container = freshName('fresh')
    const docker = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await on.lab.docker('h1', args)
      expect({ args, code, stderr }).toMatchObject({ code: 0 })
      return stdout.trim()
    }
    const trust = ['-e', 'POSTGRES_HOST_AUTH_METHOD=trust']
    await docker('run', '-d', '--rm', '--name', container, ...trust, `postgres:${labVersion}`)
    try {
      const file = join(folder, 'by-hand', 'dump')
      expect((await stat(file)).size).toBe(dump.length)
      await docker('cp', file, `${container}:/tmp/dump`)
      const shell = `until pg_isready -q -h 127.0.0.1; do sleep 0.1; done
        createdb -U postgres shop
        pg_restore -U postgres --exit-on-error --no-owner --dbname shop /tmp/dump`
      await docker('exec', container, 'sh', '-ec', shell)
      const count = `SELECT count(*) FROM lines WHERE text = '${canary}'`
      return await docker('exec', container, 'psql', '-U', 'postgres', '-XAtc', count, 'shop')
    } finally {
      await docker('rm', '--force', '--volumes', container)
    }
  }
})

function never(): never {
  throw new Error('there is no such backup')
}

async function strangersKey(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'quayside-stranger-'))
  const stranger = await compose({ home, version: '0.0.0-test' })
  try {
    await stranger.secrets.createVault({ passphrase })
    return (await stranger.recoveryKey.reveal({})).text
  } finally {
    await stranger.close()
    await rm(home, { recursive: true, force: true })
  }
}
