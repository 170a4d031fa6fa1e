import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BackupId } from '../../shared/contract/backups.ts'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import type { DestinationId } from '../../shared/contract/destinations.ts'
import type { JobId, JobView } from '../../shared/contract/jobs.ts'
import type { RestoreInput } from '../../shared/contract/restores.ts'
import {
  coreOnLab,
  create,
  discard,
  expectDone,
  expectWhole,
  onHost,
  type CoreOnLab,
} from '../faults/core-on-lab.ts'
import { freshName } from './docker-bench.ts'

const content = `CREATE ROLE reader NOLOGIN; CREATE ROLE keeper NOLOGIN;
  CREATE TABLE numbers AS SELECT generate_series(1, 20000) AS n;
  ALTER TABLE numbers OWNER TO keeper; GRANT SELECT ON numbers TO reader;
  CREATE TABLE empty (); SELECT lo_from_bytea(4242, 'a large object');
  CREATE SCHEMA own; CREATE TABLE own.words AS SELECT md5(n::text) FROM numbers;`

// One story, in order: each part stands on the one before.
describe('a backup becomes a database again', { timeout: 120_000 }, () => {
  const name = freshName('re')
  const made: { id: DatabaseId; name: string }[] = []
  let on: CoreOnLab
  let folder = ''
  let sourceId: DatabaseId
  let destinationId: DestinationId
  let backupId: BackupId

  const job = async (id: JobId): Promise<JobView> => on.core.waitForJob(id)
  const sql = async (id: DatabaseId, statements: string, database?: string): Promise<string> => {
    const record = (await on.core.databases.list({})).find((one) => one.id === id)
    const { containers } = await onHost(on.lab, id)
    const into = database ?? record?.database ?? ''
    const client = ['psql', '-U', record?.user ?? '', '-d', into, '-XAtqc', statements]
    const { code, stdout, stderr } = await on.lab.docker('h1', [
      'exec',
      containers[0] ?? '',
      ...client,
    ])
    if (code !== 0) throw new Error(stderr)
    return stdout.trim()
  }
  const backUp = async (databaseId: DatabaseId): Promise<BackupId> => {
    const { id, jobId } = await on.core.backups.create({
      ...{ databaseId, destinationIds: [destinationId], codec: 'zstd', encrypt: false },
    })
    await expectDone(on.core, jobId)
    // One job of a backup's life enqueues the next.
    for (const one of await on.core.jobs.list({ limit: 50 })) await job(one.id)
    return id
  }
  const asNew = (as: string): RestoreInput => ({
    ...{ backupId, destinationId },
    target: { kind: 'new', hostId: on.host.id, name: as, environment: 'development' },
  })
  const tasks = async (): Promise<string> =>
    (await on.lab.docker('h1', ['ps', '-aq', '--filter', 'name=quayside-restore-'])).stdout.trim()

  beforeAll(async () => {
    on = await coreOnLab()
    on.core.work()
    folder = await mkdtemp(join(tmpdir(), 'quayside-restores-'))
    await mkdir(join(folder, 'near'))
    const { id, jobId } = await create(on, name)
    sourceId = id
    made.push({ id, name })
    await expectDone(on.core, jobId)
    await sql(id, content)
    destinationId = (
      await on.core.destinations.add({
        ...{ name: 'near', kind: 'local-folder', secrets: {} },
        config: { folder: join(folder, 'near') },
      })
    ).id
    backupId = await backUp(id)
  }, 120_000)
  afterAll(async () => {
    const there = new Set((await on.core.databases.list({})).map(({ id }) => id))
    for (const each of made) if (there.has(each.id)) await discard(on.core, each.id, each.name)
    await on.close()
    await rm(folder, { recursive: true, force: true })
  }, 120_000)

  it('beside the one it was made of, with owners, grants, large objects and every row', async () => {
    const as = `${name}-again`
    const plan = await on.core.restores.plan(asNew(as))
    expect(plan.warnings).toEqual([])
    expect(plan.actions.map(({ verb }) => verb)).toContain('count')
    const { databaseId, jobId } = await on.core.restores.start(asNew(as))
    made.push({ id: databaseId, name: as })
    await expectDone(on.core, jobId)
    await expectWhole(on, databaseId)
    const { steps } = await job(jobId)
    expect(steps.find((step) => step.name === 'compare')?.fact).toMatch(/40,001 rows/)
    const facts = `SELECT tableowner FROM pg_tables WHERE tablename = 'numbers';
      SELECT has_table_privilege('reader', 'numbers', 'SELECT');
      SELECT encode(lo_get(4242), 'escape')`
    expect(await sql(databaseId, facts)).toBe('keeper\nt\na large object')
    const [backup] = await on.core.backups.list({ databaseId: sourceId })
    expect(backup?.copies[0]?.restoredAt).not.toBeNull()
    expect(await tasks()).toBe('')
  })
})
