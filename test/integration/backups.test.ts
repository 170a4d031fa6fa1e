import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BackupView } from '../../shared/contract/backups.ts'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import type { DestinationId } from '../../shared/contract/destinations.ts'
import type { JobId, JobView } from '../../shared/contract/jobs.ts'
import {
  coreOnLab,
  create,
  discard,
  settled,
  sqlOnLab,
  type CoreOnLab,
} from '../faults/core-on-lab.ts'
import { freshName } from './docker-bench.ts'
import { flipByte } from './flip-byte.ts'

const kind = 'local-folder'

// One story, in order: each part stands on the one before.
describe('backups of a database', { timeout: 120_000 }, () => {
  const name = freshName('bk')
  let on: CoreOnLab
  let folder = ''
  let databaseId: DatabaseId
  let first: DestinationId
  let second: DestinationId

  const job = async (id: JobId): Promise<JobView> => on.core.waitForJob(id)
  const only = async (): Promise<BackupView> => {
    const list = await on.core.backups.list({ databaseId })
    expect(list).toHaveLength(1)
    const [backup] = list
    if (backup === undefined) throw new Error('there is no backup')
    return backup
  }
  const filesIn = async (place: string): Promise<string[]> =>
    (await readdir(join(folder, place), { recursive: true })).toSorted()

  beforeAll(async () => {
    on = await coreOnLab()
    on.core.work()
    folder = await mkdtemp(join(tmpdir(), 'quayside-copies-'))
    const { id, jobId } = await create(on, name)
    databaseId = id
    expect(await job(jobId)).toMatchObject({ state: 'done' })
    const sql = `CREATE ROLE reader; CREATE TABLE numbers AS SELECT generate_series(1, 50000) AS n;
      GRANT SELECT ON numbers TO reader; CREATE TABLE empty ();`
    await sqlOnLab(on, id, sql)
    const add = async (called: string): Promise<DestinationId> => {
      await mkdir(join(folder, called))
      const config = { folder: join(folder, called) }
      return (await on.core.destinations.add({ name: called, kind, config, secrets: {} })).id
    }
    first = await add('near')
    second = await add('far')
  }, 120_000)
  afterAll(async () => {
    await discard(on.core, databaseId, name)
    await on.close()
    await rm(folder, { recursive: true, force: true })
  }, 60_000)

  it('are made, read back and copied, each copy with its own state', async () => {
    const { id, jobId } = await on.core.backups.create({
      databaseId,
      destinationIds: [first, second],
      codec: 'zstd',
      encrypt: false,
    })
    expect(await job(jobId)).toMatchObject({ state: 'done', error: null })
    await settled(on.core)
    const backup = await only()
    expect(backup).toMatchObject({ id, databaseName: name, codec: 'zstd', rows: 50_000, tables: 2 })
    expect(backup.copies.map(({ destinationId }) => destinationId).toSorted()).toEqual(
      [first, second].toSorted(),
    )
    for (const copy of backup.copies) {
      expect(copy).toMatchObject({ encrypted: false, problem: null, restoredAt: null })
      expect(copy.verifiedAt).not.toBeNull()
    }
    const files = await filesIn('near')
    expect(files.filter((file) => file.endsWith('.dump.zst'))).toHaveLength(1)
    expect(files.filter((file) => file.endsWith('.manifest.json'))).toHaveLength(1)
    expect(await filesIn('far')).toEqual(files)
    expect(files.filter((file) => file.includes('.part'))).toEqual([])
    expect(await on.core.backups.freshness({})).toMatchObject([
      { databaseId, newest: { id, verified: true }, failed: [], jobId: null },
    ])
  })

  it('that were damaged are found out, and the other copy still counts', async () => {
    const backup = await only()
    const copy = backup.copies.find(({ destinationId }) => destinationId === first)
    const file = join(folder, 'near', copy?.name ?? '')
    await flipByte(file)
    const { jobId } = await on.core.backups.verify({ id: backup.id, destinationId: first })
    expect(await job(jobId)).toMatchObject({ state: 'failed', error: { code: 'backup_damaged' } })
    const { copies } = await only()
    const problems = new Map(copies.map((each) => [each.destinationId, each.problem?.code]))
    expect(problems.get(first)).toBe('backup_damaged')
    expect(problems.get(second)).toBeUndefined()
  })

  it('are found again by a look at the destination, and missed when they are gone', async () => {
    const backup = await only()
    const copy = backup.copies.find(({ destinationId }) => destinationId === second)
    await rm(join(folder, 'far', copy?.name ?? ''))
    expect(await on.core.backups.scan({ destinationId: second })).toMatchObject({
      backups: 1,
      added: 0,
      missing: 1,
      unreadable: 0,
    })
    expect((await only()).copies.map(({ problem }) => problem?.code).toSorted()).toEqual([
      'backup_damaged',
      'not_found',
    ])
  })
})
