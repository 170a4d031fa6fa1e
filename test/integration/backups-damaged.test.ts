import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCodecs } from '../../electron/adapters/compression/index.ts'
import { createSecrets } from '../../electron/adapters/keychain/index.ts'
import type { Destination } from '../../electron/destinations/destination.ts'
import { destinationKinds } from '../../electron/destinations/index.ts'
import { feedRestore } from '../../electron/domain/backups/feed-restore.ts'
import { withCompressed } from '../../electron/domain/backups/read-back.ts'
import { secretKeys, type Bulk, type Host } from '../../electron/domain/ports.ts'
import { postgres } from '../../electron/engines/postgres/index.ts'
import {
  codecs,
  readManifest,
  type BackupManifest,
  type Codec,
} from '../../shared/backup-manifest.ts'
import type { BackupId } from '../../shared/contract/backups.ts'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import type { DestinationId } from '../../shared/contract/destinations.ts'
import { kindOf, noVolumes } from '../conformance/destination-kinds.ts'
import { backupFiles, damages } from './damages.ts'
import { openLabHost } from './backup-rig.ts'
import {
  coreOnLab,
  create,
  discard,
  expectDone,
  expectNothing,
  finished,
  onHost,
  type CoreOnLab,
} from '../faults/core-on-lab.ts'
import { freshName } from './docker-bench.ts'
import { clock } from './ssh-connector.ts'

// Every way in which a stored dump can be other than it was, with every codec, encrypted and not.

const name = freshName('dmg')
const passphrase = randomBytes(12).toString('hex')
let on: CoreOnLab
let folder = ''
let databaseId: DatabaseId
let destinationId: DestinationId
let destination: Destination
let host: Host
let closeHost: () => Promise<void>
let bulk: Bulk
let container = ''
let login = { user: '', password: '' }

async function sql(database: string, statements: string): Promise<string> {
  const client = ['psql', '-U', login.user, '-d', database, '-XAtqc', statements]
  const { code, stdout, stderr } = await on.lab.docker('h1', ['exec', container, ...client])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout.trim()
}

beforeAll(async () => {
  on = await coreOnLab()
  await on.core.secrets.createVault({ passphrase })
  on.core.work()
  folder = await mkdtemp(join(tmpdir(), 'quayside-damaged-'))
  const made = await create(on, name)
  databaseId = made.id
  await expectDone(on.core, made.jobId)
  container = (await onHost(on.lab, databaseId)).containers[0] ?? ''
  const record = (await on.core.databases.list({})).find((one) => one.id === databaseId)
  const { password } = await on.core.databases.reveal({ id: databaseId })
  login = { user: record?.user ?? '', password }
  // Of noise, so that it is more than two chunks with every codec.
  const noise = `CREATE TABLE noise AS SELECT sha512(n::text::bytea) AS a FROM generate_series(1, 40000) AS n`
  await sql(record?.database ?? '', noise)
  await sql('postgres', 'CREATE DATABASE target')
  const config = { folder }
  const added = { name: 'near', kind: 'local-folder', config, secrets: {} }
  destinationId = (await on.core.destinations.add(added)).id
  destination = kindOf(destinationKinds, 'local-folder').open(config, {}, noVolumes)
  const { text } = await on.core.recoveryKey.reveal({})
  await on.core.recoveryKey.confirm({ text })
  ;({ host, close: closeHost } = await openLabHost())
  bulk = await host.bulk(AbortSignal.timeout(30_000))
}, 120_000)
afterAll(async () => {
  await bulk.close()
  await closeHost()
  await discard(on.core, databaseId, name)
  await on.close()
  await rm(folder, { recursive: true, force: true })
}, 60_000)

interface Made {
  id: BackupId
  file: string
  whole: Buffer
  manifest: BackupManifest
}

async function backUp(codec: Codec, encrypt: boolean): Promise<Made> {
  const { id, jobId } = await on.core.backups.create({
    databaseId,
    destinationIds: [destinationId],
    codec,
    encrypt,
  })
  await expectDone(on.core, jobId)
  await verifies(id)
  const { dump, manifest } = await backupFiles(folder, id)
  const whole = await readFile(dump)
  return { id, file: dump, whole, manifest: readManifest(await readFile(manifest, 'utf8')) }
}

async function verdict(id: BackupId): Promise<string | null> {
  const { jobId } = await on.core.backups.verify({ id, destinationId })
  const { state, error } = await finished(on.core, jobId)
  expect(state).toBe(error === null ? 'done' : 'failed')
  return error?.code ?? null
}
const verifies = async (id: BackupId): Promise<void> => expect(await verdict(id)).toBeNull()

const keyOf = async (keyId: string): Promise<Uint8Array> => {
  const secrets = createSecrets({ home: on.home, service: 'Quayside', clock })
  await secrets.unlockVault(passphrase)
  const text = await secrets.get(secretKeys.destinationKey(destinationId, keyId))
  return Buffer.from(text ?? '', 'base64')
}

/** What a restore into an empty logical database of a real server ends with; nothing is in it then. */
async function restored(manifest: BackupManifest): Promise<string | null> {
  const task = freshName('dmg-task')
  const code = await codeOf(
    feedRestore(
      { clock, codecs: createCodecs(), findKey: keyOf, bulk },
      {
        engine: postgres,
        target: postgres.backup.beside({ ...login, database: 'target' }),
        manifest,
        destination,
        name: task,
        containerId: container,
        roomBytes: 0,
        trust: manifest.object.encryption === null ? 'known' : 'sealed',
        labels: { 'io.quayside.test-task': task },
        imageId: manifest.database.imageId,
      },
      { signal: AbortSignal.timeout(60_000), onFlow: () => undefined, onPhase: () => undefined },
    ),
  )
  expect(await sql('target', "SELECT count(*) FROM pg_class WHERE relname = 'noise'")).toBe('0')
  return code
}

/** Who reads with another key: how that ends, and how many bytes came of it. */
async function readByAnother(manifest: BackupManifest) {
  const findKey = async (): Promise<Uint8Array> => randomBytes(32)
  const signal = AbortSignal.timeout(60_000)
  let out = 0
  const take = async (content: Readable): Promise<void> => {
    for await (const piece of content) out += (piece as Buffer).length
  }
  const reading = withCompressed(
    { clock, codecs: createCodecs(), findKey },
    destination,
    manifest,
    { signal },
    { name: 'the test', stages: [], take },
  )
  return { code: await codeOf(reading), out }
}

const codeOf = (work: Promise<unknown>): Promise<string | null> =>
  work.then(
    () => null,
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  )

/** How a restore as a new database ends, of which nothing may be there then. */
async function refusedAtOnce(backupId: BackupId): Promise<string | undefined> {
  const { databaseId: id, jobId } = await on.core.restores.start({
    backupId,
    destinationId,
    target: { kind: 'new', hostId: on.host.id, name: freshName('no'), environment: 'development' },
  })
  const { error, steps } = await finished(on.core, jobId)
  expect(steps.find(({ state }) => state === 'failed')?.name).toBe('open')
  await expectNothing(on, id)
  return error?.code
}

describe.each([true, false])('encrypted: %s', (encrypt) => {
  it.each(codecs)('%s: each damage is found, and nothing is restored from it', async (codec) => {
    const { id, file, whole, manifest } = await backUp(codec, encrypt)
    for (const [what, damage] of damages(encrypt)) {
      await writeFile(file, damage(whole))
      expect(await verdict(id), what).toBe('backup_damaged')
      // What has its length is found as it is sent, what has not before anything is made.
      if (what === 'a flipped bit') expect(await restored(manifest)).toBe('backup_damaged')
      if (what === 'cut') expect(await refusedAtOnce(id)).toBe('backup_damaged')
    }
    await writeFile(file, whole)
    await verifies(id)
    if (encrypt) expect(await readByAnother(manifest)).toEqual({ code: 'backup_key_wrong', out: 0 })
  })
})

it('a key that is another one is told as such before anything is made', async () => {
  const { id, manifest } = await backUp('zstd', true)
  const keyId = manifest.object.encryption?.keyId ?? ''
  const secrets = createSecrets({ home: on.home, service: 'Quayside', clock })
  await secrets.unlockVault(passphrase)
  const place = secretKeys.destinationKey(destinationId, keyId)
  const right = (await secrets.get(place)) ?? ''
  await secrets.set(place, randomBytes(32).toString('base64'))
  expect(await verdict(id)).toBe('backup_key_wrong')
  expect(await refusedAtOnce(id)).toBe('backup_key_wrong')
  await secrets.set(place, right)
  await verifies(id)
})
