import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { StepHook } from '../../electron/domain/jobs/run-job.ts'
import type { BackupId } from '../../shared/contract/backups.ts'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import type { DestinationId } from '../../shared/contract/destinations.ts'
import type { JobId } from '../../shared/contract/jobs.ts'
import type { RestoreInput } from '../../shared/contract/restores.ts'
import {
  coreOnLab,
  create,
  discard,
  expectDone,
  expectNothing,
  expectWhole,
  finished,
  settled,
  sqlOnLab,
  type CoreOnLab,
} from './core-on-lab.ts'
import { filesIn } from './backup-rig.ts'
import { atRest, dieAt } from './die-at.ts'

const source = 'restore-source'

let atStep: StepHook = () => undefined
let on: CoreOnLab
let folder = ''
let sourceId: DatabaseId
let destinationId: DestinationId
let backupId: BackupId

beforeAll(async () => {
  on = await coreOnLab({ onStep: (kind, step, when) => atStep(kind, step, when) })
  on.core.work()
  folder = await mkdtemp(join(tmpdir(), 'quayside-restore-faults-'))
  const { id, jobId } = await create(on, source)
  sourceId = id
  await expectDone(on.core, jobId)
  // Of noise, so that it is under way for a moment.
  await sql(
    id,
    'CREATE TABLE noise AS SELECT gen_random_uuid() AS a, gen_random_uuid() AS b FROM generate_series(1, 200000)',
  )
  destinationId = (
    await on.core.destinations.add({
      name: 'near',
      kind: 'local-folder',
      secrets: {},
      config: { folder },
    })
  ).id
  const made = await on.core.backups.create({
    databaseId: id,
    destinationIds: [destinationId],
    codec: 'gzip',
    encrypt: false,
  })
  backupId = made.id
  await expectDone(on.core, made.jobId)
}, 120_000)
beforeEach(() => {
  atStep = () => undefined
})
afterAll(async () => {
  await on.lab.fault.clear()
  await discard(on.core, sourceId, source)
  await on.close()
  await rm(folder, { recursive: true, force: true })
}, 120_000)

const sql = (id: DatabaseId, statements: string): Promise<string> => sqlOnLab(on, id, statements)
const asNew = (as: string): RestoreInput => ({
  backupId,
  destinationId,
  target: { kind: 'new', hostId: on.host.id, name: as, environment: 'development' },
})
const inPlace = (): RestoreInput => ({
  backupId,
  destinationId,
  target: { kind: 'in-place', databaseId: sourceId, confirmName: source },
})
const tasks = async (): Promise<string> =>
  (await on.lab.docker('h1', ['ps', '-aq', '--filter', 'label=io.quayside.job'])).stdout.trim()

/** Asks for it while nobody works on jobs. */
async function begin(request: RestoreInput): ReturnType<CoreOnLab['core']['restores']['start']> {
  return (await atRest(on)).restores.start(request)
}

/** Every row, nothing left over of the way there. */
async function expectRestored(id: DatabaseId): Promise<void> {
  await expectWhole(on, id)
  expect(await sql(id, 'SELECT count(*) FROM noise')).toBe('200000')
  const halves = "SELECT count(*) FROM pg_database WHERE datname LIKE '%restoring%'"
  expect(await sql(id, halves)).toBe('0')
  expect(await tasks()).toBe('')
}

/** Once bytes flow, or the restore itself has begun. */
function whenUnderWay(fault: () => Promise<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = on.core.onEvent((event) => {
      if (event.type !== 'job-progress' || event.progress.step !== 'restore') return
      if (event.progress.text === null) return
      stop()
      fault().then(() => resolve(), reject)
    })
  })
}

describe('the link is cut', () => {
  test('while the dump is sent: it goes on by itself, and all is there', async () => {
    const happened = whenUnderWay(() => on.lab.fault.proxy.cut('h1'))
    const { databaseId, jobId } = await on.core.restores.start(asNew('restore-cut'))
    await happened
    await expectDone(on.core, jobId, 120_000)
    await expectRestored(databaseId)
    await discard(on.core, databaseId, 'restore-cut')
  }, 180_000)

  test('and the user gives up: nothing stays', async () => {
    const happened = whenUnderWay(() => on.lab.fault.proxy.cut('h1'))
    const { databaseId, jobId } = await on.core.restores.start(asNew('restore-given-up'))
    await happened
    await on.core.jobs.cancel({ id: jobId })
    expect(await finished(on.core, jobId)).toMatchObject({ state: 'cancelled' })
    await expectNothing(on, databaseId)
    expect(await tasks()).toBe('')
  }, 180_000)

  test('in place, as the databases change places: it goes on', async () => {
    let cut = false
    atStep = async (_kind, at, when) => {
      if (at !== 'swap' || when !== 'before' || cut) return
      cut = true
      await on.lab.fault.proxy.cut('h1')
    }
    const { jobId } = await on.core.restores.start(inPlace())
    await expectDone(on.core, jobId, 120_000)
    await expectRestored(sourceId)
  }, 180_000)
})

describe('killed while its server is set to be filled quickly', () => {
  const name = 'restore-quick'
  let earlier: BackupId

  beforeAll(async () => {
    await sql(
      sourceId,
      'CREATE TABLE wide AS SELECT n, repeat(md5(n::text), 1000) AS text FROM generate_series(1, 4400) AS n',
    )
    const made = await on.core.backups.create({
      databaseId: sourceId,
      destinationIds: [destinationId],
      codec: 'zstd',
      encrypt: false,
    })
    await expectDone(on.core, made.jobId)
    earlier = backupId
    backupId = made.id
  }, 120_000)
  afterAll(async () => {
    backupId = earlier
    await sql(sourceId, 'DROP TABLE wide')
  })

  /** What it leaves is nothing that passes for ready. */
  async function dieAsItTells(line: string, job: JobId, id: DatabaseId): Promise<void> {
    await dieAt(on, job, line)
    const record = (await on.core.databases.list({})).find((one) => one.id === id)
    expect(record).toMatchObject({ status: 'creating', jobId: job })
  }
  const settings =
    "SELECT name || '=' || setting FROM pg_file_settings WHERE sourcefile ~ 'auto.conf'"

  test('half filled, and the user gives up: nothing stays', async () => {
    const { databaseId, jobId } = await begin(asNew(name))
    await dieAsItTells('Restoring', jobId, databaseId)
    await on.core.jobs.cancel({ id: jobId })
    on.core.work()
    expect(await finished(on.core, jobId)).toMatchObject({ state: 'cancelled' })
    await expectNothing(on, databaseId)
    expect(await tasks()).toBe('')
  })

  test('then the same again, about both of its restarts: the next start finishes it, as usual', async () => {
    const { databaseId, jobId } = await begin(asNew(name))
    await dieAsItTells('Making the server ready to be filled', jobId, databaseId)
    await dieAsItTells('Putting the server back to its usual settings', jobId, databaseId)
    on.core.work()
    await expectDone(on.core, jobId)
    await expectRestored(databaseId)
    expect(await sql(databaseId, 'SELECT count(*) FROM wide')).toBe('4400')
    expect(
      await sql(databaseId, 'SHOW wal_level; SHOW max_wal_senders; SHOW full_page_writes'),
    ).toBe('replica\n10\non')
    expect(await sql(databaseId, settings)).toBe('')
    await discard(on.core, databaseId, name)
  })
})

describe('killed again and again', () => {
  let earlier: BackupId
  let before: Map<string, string>

  beforeAll(async () => {
    const { core } = on
    await core.recoveryKey.confirm({ text: (await core.recoveryKey.reveal({})).text })
    core.work()
    const made = await core.backups.create({
      databaseId: sourceId,
      destinationIds: [destinationId],
      codec: 'lz4',
      encrypt: true,
    })
    await expectDone(core, made.jobId)
    await settled(core)
    earlier = backupId
    backupId = made.id
    before = await filesIn(folder)
  }, 120_000)
  afterAll(() => {
    backupId = earlier
  })

  test('a new database: it is none before the last start has finished it', async () => {
    const name = 'restore-killed'
    const { databaseId, jobId } = await begin(asNew(name))
    for (const point of [
      ...['open before', 'open after', 'check after', 'credentials after', 'volume after'],
      ...['container before', 'container after', 'ready before', 'ready written'],
      ...['restore before', 'read dump 1', 'read dump 4000000', 'restore after'],
      ...['restore written', 'compare before'],
    ]) {
      await dieAt(on, jobId, point)
      const record = (await on.core.databases.list({})).find(({ id }) => id === databaseId)
      expect(record).toMatchObject({ status: 'creating', jobId })
    }
    await dieAt(on, jobId, 'compare after')
    on.core.work()
    await expectDone(on.core, jobId)
    await expectRestored(databaseId)
    expect(await filesIn(folder)).toEqual(before)
    await discard(on.core, databaseId, name)
  })

  test('in place: all rows are there at each moment, and the last start finishes it', async () => {
    const { jobId } = await begin(inPlace())
    for (const point of [
      ...['write dump 1', 'whole dump', 'dump after', 'named manifest', 'read dump 4000000'],
      ...['read after', 'restore before', 'read dump 4000000', 'restore after', 'compare after'],
      ...['swap before', 'swap after', 'swap written'],
    ]) {
      await dieAt(on, jobId, point)
      expect(await sql(sourceId, 'SELECT count(*) FROM noise')).toBe('200000')
    }
    on.core.work()
    await expectDone(on.core, jobId)
    await expectRestored(sourceId)
    const after = await filesIn(folder)
    for (const [file, hash] of before) expect(after.get(file)).toBe(hash)
    // The safety backup: dump, roles and manifest.
    expect(after.size).toBe(before.size + 3)
  })
})
