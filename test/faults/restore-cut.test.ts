import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { StepHook } from '../../electron/domain/jobs/run-job.ts'
import type { BackupId } from '../../shared/contract/backups.ts'
import { databaseIdSchema, type DatabaseId } from '../../shared/contract/databases.ts'
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
  sqlOnLab,
  type CoreOnLab,
} from './core-on-lab.ts'

const program = fileURLToPath(new URL('./killed-in-restore.ts', import.meta.url))
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
      ...{ name: 'near', kind: 'local-folder', secrets: {}, config: { folder } },
    })
  ).id
  const made = await on.core.backups.create({
    ...{ databaseId: id, destinationIds: [destinationId], codec: 'gzip', encrypt: false },
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
  ...{ backupId, destinationId },
  target: { kind: 'new', hostId: on.host.id, name: as, environment: 'development' },
})
const inPlace = (): RestoreInput => ({
  ...{ backupId, destinationId },
  target: { kind: 'in-place', databaseId: sourceId, confirmName: source },
})
const tasks = async (): Promise<string> =>
  (await on.lab.docker('h1', ['ps', '-aq', '--filter', 'label=io.quayside.job'])).stdout.trim()

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
  const filling = fileURLToPath(new URL('./killed-in-filling.ts', import.meta.url))
  let earlier: BackupId

  beforeAll(async () => {
    await sql(
      sourceId,
      'CREATE TABLE wide AS SELECT n, repeat(md5(n::text), 1000) AS text FROM generate_series(1, 4400) AS n',
    )
    const made = await on.core.backups.create({
      ...{ databaseId: sourceId, destinationIds: [destinationId], codec: 'zstd', encrypt: false },
    })
    await expectDone(on.core, made.jobId)
    earlier = backupId
    backupId = made.id
  }, 120_000)
  afterAll(async () => {
    backupId = earlier
    await sql(sourceId, 'DROP TABLE wide')
  })

  /** Goes on in a process of its own that dies there; what it leaves is nothing that passes for ready. */
  async function dieAt(point: string, job: JobId, id: DatabaseId): Promise<void> {
    await on.stop()
    const words = [filling, on.home, job, point]
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] })
    const ended: unknown[] = await once(child, 'exit')
    expect([point, ...ended]).toEqual([point, null, 'SIGKILL'])
    await on.restart()
    expect(await on.core.jobs.get({ id: job })).toMatchObject({ interrupted: true })
    const record = (await on.core.databases.list({})).find((one) => one.id === id)
    expect(record).toMatchObject({ status: 'creating', jobId: job })
  }
  /** Asks for it while nobody works on jobs. */
  async function begin(): ReturnType<CoreOnLab['core']['restores']['start']> {
    await on.stop()
    return (await on.restart()).restores.start(asNew(name))
  }
  const settings =
    "SELECT name || '=' || setting FROM pg_file_settings WHERE sourcefile ~ 'auto.conf'"

  test('half filled, and the user gives up: nothing stays', async () => {
    const { databaseId, jobId } = await begin()
    await dieAt('Restoring', jobId, databaseId)
    await on.core.jobs.cancel({ id: jobId })
    on.core.work()
    expect(await finished(on.core, jobId)).toMatchObject({ state: 'cancelled' })
    await expectNothing(on, databaseId)
    expect(await tasks()).toBe('')
  })

  test('then the same again, about both of its restarts: the next start finishes it, as usual', async () => {
    const { databaseId, jobId } = await begin()
    await dieAt('Making the server ready to be filled', jobId, databaseId)
    await dieAt('Putting the server back to its usual settings', jobId, databaseId)
    on.core.work()
    await expectDone(on.core, jobId)
    await expectRestored(databaseId)
    expect(await sql(databaseId, 'SELECT count(*) FROM wide')).toBe('4400')
    expect(await sql(databaseId, 'SHOW wal_level; SHOW max_wal_senders')).toBe('replica\n10')
    expect(await sql(databaseId, settings)).toBe('')
    await discard(on.core, databaseId, name)
  })
})

/** Restores in a process of its own that dies by SIGKILL at that boundary; the next start goes on. */
async function killedIn(request: RestoreInput, step: string, when: string): Promise<DatabaseId> {
  await on.stop()
  const words = [program, on.home, JSON.stringify(request), step, when]
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] })
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' })
  const core = await on.restart()
  const job = (await core.jobs.list({ limit: 1 }))[0]
  if (job === undefined) throw new Error('the job is gone')
  expect(job).toMatchObject({ interrupted: true })
  core.work()
  await expectDone(core, job.id)
  return databaseIdSchema.parse(job.databaseId)
}

describe('killed', () => {
  test.each([
    ['restore', 'after'],
    ['compare', 'after'],
  ])('in step %s, %s its effect: the next start finishes it', async (step, when) => {
    const name = `restore-killed-${step}-${when}`
    const id = await killedIn(asNew(name), step, when)
    await expectRestored(id)
    await discard(on.core, id, name)
  })

  test('in place, as the names have changed: likewise', async () => {
    await killedIn(inPlace(), 'swap', 'after')
    await expectRestored(sourceId)
  })
})
