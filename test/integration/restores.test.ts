import { mkdir, mkdtemp, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
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
  expectNothing,
  expectWhole,
  finished,
  onHost,
  sqlOnLab,
  type CoreOnLab,
} from '../faults/core-on-lab.ts'
import { freshName } from './docker-bench.ts'
import { flipByte } from './flip-byte.ts'

const passphrase = 'a vault of this test alone'
const content = `CREATE ROLE reader NOLOGIN; CREATE ROLE keeper NOLOGIN;
  CREATE TABLE numbers AS SELECT generate_series(1, 20000) AS n;
  ALTER TABLE numbers OWNER TO keeper; GRANT SELECT ON numbers TO reader;
  CREATE TABLE empty (); SELECT lo_from_bytea(4242, 'a large object');
  CREATE SCHEMA own; CREATE TABLE own.words AS SELECT md5(n::text) FROM numbers;
  CREATE SCHEMA "'; DROP TABLE numbers; --"; CREATE TABLE "<img src=x onerror=alert(1)>" ();
  CREATE TABLE "'; DROP TABLE numbers; --".U&"\\001B]0;t\\0007\\202Etxt $(id) \\0060id\\0060" ();
  COMMENT ON TABLE numbers IS E'\\x1b[31m<script>alert(1)</script>';`

// One story, in order: each part stands on the one before.
describe('a backup becomes a database again', { timeout: 120_000 }, () => {
  const name = freshName('re')
  const made: { id: DatabaseId; name: string }[] = []
  let on: CoreOnLab
  let folder = ''
  let sourceId: DatabaseId
  let destinationId: DestinationId
  let backupId: BackupId

  const job = async (id: JobId, by = on): Promise<JobView> => by.core.waitForJob(id)
  const sql = (
    id: DatabaseId,
    statements: string,
    logicalName?: string,
    by = on,
  ): Promise<string> => sqlOnLab(by, id, statements, logicalName)
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
    // The lab's keychain has one recovery key for all tests: what is saved in it is saved for others.
    await on.core.secrets.createVault({ passphrase })
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
    const hostile = `SELECT count(*) FROM pg_tables
      WHERE tablename = '<img src=x onerror=alert(1)>' OR (tablename LIKE E'\\x1b]0;%' AND schemaname LIKE '%; --')`
    expect(await sql(databaseId, hostile)).toBe('2')
    const [backup] = await on.core.backups.list({ databaseId: sourceId })
    expect(backup?.copies[0]?.restoredAt).not.toBeNull()
    expect(await tasks()).toBe('')
  })

  it('in the place of one: what was there stays under another name, in a backup too', async () => {
    await sql(sourceId, 'DELETE FROM numbers WHERE n > 10; CREATE TABLE late ()')
    const target = { kind: 'in-place', databaseId: sourceId, confirmName: name } as const
    const wrong = { ...target, confirmName: 'another' }
    await expect(
      on.core.restores.start({ backupId, destinationId, target: wrong }),
    ).rejects.toMatchObject({ code: 'name_mismatch' })
    const { jobId } = await on.core.restores.start({ backupId, destinationId, target })
    await expectDone(on.core, jobId)
    expect(await sql(sourceId, 'SELECT count(*) FROM numbers')).toBe('20000')
    expect(await sql(sourceId, "SELECT to_regclass('late') IS NULL")).toBe('t')
    const { steps } = await job(jobId)
    const kept = /DROP DATABASE (\S+)/.exec(steps.find((one) => one.name === 'swap')?.fact ?? '')
    expect(await sql(sourceId, 'SELECT count(*) FROM numbers', kept?.[1])).toBe('10')
    const backups = await on.core.backups.list({ databaseId: sourceId })
    expect(backups.map(({ rows }) => rows)).toEqual([20_011, 40_001])
    expect(backups[0]?.copies[0]?.verifiedAt).not.toBeNull()
    const databases = "SELECT count(*) FROM pg_database WHERE datname LIKE '%restoring%'"
    expect(await sql(sourceId, databases)).toBe('0')
  })

  it('or not at all: a cancel takes everything back', async () => {
    const before = await on.core.databases.list({})
    const { databaseId, jobId } = await on.core.restores.start(asNew(`${name}-cancelled`))
    await expect
      .poll(async () => (await on.core.jobs.get({ id: jobId })).steps.find(isRunning)?.name, {
        timeout: 60_000,
        interval: 20,
      })
      .toBe('restore')
    await on.core.jobs.cancel({ id: jobId })
    expect(await finished(on.core, jobId)).toMatchObject({ state: 'cancelled' })
    await expectNothing(on, databaseId)
    expect((await on.core.databases.list({})).length).toBe(before.length)
    expect(await tasks()).toBe('')
  })

  it('on another installation: by the recovery key whole, without one by who may do nothing else', async () => {
    const { text } = await on.core.recoveryKey.reveal({})
    await on.core.recoveryKey.confirm({ text })
    const sealed = await on.core.backups.create({
      ...{ databaseId: sourceId, destinationIds: [destinationId], codec: 'lz4', encrypt: true },
    })
    await expectDone(on.core, sealed.jobId)
    const other = await coreOnLab()
    onTestFinished(() => other.close())
    await other.core.secrets.createVault({ passphrase })
    other.core.work()
    const near = await other.core.destinations.add({
      ...{ name: 'near', kind: 'local-folder', secrets: {} },
      config: { folder: join(folder, 'near') },
    })
    await other.core.backups.scan({ destinationId: near.id })
    const start = (from: BackupId, as: string) =>
      other.core.restores.start({
        ...{ backupId: from, destinationId: near.id },
        target: { kind: 'new', hostId: other.host.id, name: as, environment: 'staging' },
      })

    const keyless = await start(sealed.id, `${name}-keyless`)
    const failed = await finished(other.core, keyless.jobId)
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'backup_key_missing' } })
    expect(failed.steps.find((step) => step.state === 'failed')?.name).toBe('open')
    await expectNothing(other, keyless.databaseId)

    await other.core.recoveryKey.enter({ destinationId: near.id, text })
    const owners = "SELECT tableowner FROM pg_tables WHERE tablename = 'numbers'"
    const whole = await start(sealed.id, `${name}-whole`)
    await expectDone(other.core, whole.jobId)
    expect(await sql(whole.databaseId, owners, undefined, other)).toBe('keeper')
    await discard(other.core, whole.databaseId, `${name}-whole`)

    // Tested where its database is not known: on the host that is named, and on no other.
    const copy = { id: backupId, destinationId: near.id }
    await expect(other.core.backups.testRestore(copy)).rejects.toMatchObject({
      ...{ code: 'invalid_input', field: 'hostId' },
    })
    const tested = await other.core.backups.testRestore({ ...copy, hostId: other.host.id })
    await expectDone(other.core, tested.jobId)
    const proof = (await job(tested.jobId, other)).steps.find((step) => step.name === 'restore')
    expect(proof?.fact).toMatch(/40,001 rows: as in the backup; owners and grants were left out/)
    const [seen] = (await other.core.backups.list({})).filter(({ id }) => id === backupId)
    expect(seen).toMatchObject({ databaseId: null, copies: [{ problem: null }] })
    expect(seen?.copies[0]?.restoredAt).not.toBeNull()
    const throwAway = ['ps', '-aq', '--filter', `label=io.quayside.job=${tested.jobId}`]
    expect((await other.lab.docker('h1', throwAway)).stdout.trim()).toBe('')

    const foreign = await start(backupId, `${name}-foreign`)
    await expectDone(other.core, foreign.jobId)
    expect(await sql(foreign.databaseId, owners, undefined, other)).toMatch(/^imported_/)
    const roles = "SELECT count(*) FROM pg_roles WHERE rolname ~ '^(keeper|reader|quayside)'"
    expect(await sql(foreign.databaseId, roles, undefined, other)).toBe('0')
    await discard(other.core, foreign.databaseId, `${name}-foreign`)
  })

  it('also a large one, for which its server is set to be filled, and back', async () => {
    await sql(
      sourceId,
      'CREATE TABLE wide AS SELECT n, repeat(md5(n::text), 1000) AS text FROM generate_series(1, 4400) AS n',
    )
    const earlier = backupId
    backupId = await backUp(sourceId)
    onTestFinished(async () => {
      backupId = earlier
      await sql(sourceId, 'DROP TABLE wide')
    })
    const as = `${name}-large`
    const { actions } = await on.core.restores.plan(asNew(as))
    expect(actions.map(({ verb }) => verb)).toContain('restart')
    const { databaseId, jobId } = await on.core.restores.start(asNew(as))
    made.push({ id: databaseId, name: as })
    await expectDone(on.core, jobId)
    const { containers } = await onHost(on.lab, databaseId)
    const { stderr, stdout } = await on.lab.docker('h1', ['logs', containers[0] ?? ''])
    // Twice while it is made, twice for the restore.
    expect(`${stdout}${stderr}`.match(/ready to accept connections/g)).toHaveLength(4)
    expect(await sql(databaseId, 'SHOW wal_level; SHOW max_wal_senders')).toBe('replica\n10')
    const gathered =
      "SELECT last_analyze IS NOT NULL FROM pg_stat_user_tables WHERE relname = 'wide'"
    expect(await sql(databaseId, gathered)).toBe('t')
  })

  it('nor from a copy that was damaged', async () => {
    const [backup] = (await on.core.backups.list({ databaseId: sourceId })).filter(
      ({ id }) => id === backupId,
    )
    const file = join(folder, 'near', backup?.copies[0]?.name ?? '')
    await flipByte(file)
    const { databaseId, jobId } = await on.core.restores.start(asNew(`${name}-damaged`))
    const { state, error, steps } = await finished(on.core, jobId)
    expect({ state, code: error?.code }).toEqual({ state: 'failed', code: 'backup_damaged' })
    expect(steps.find((step) => step.state === 'failed')?.name).toBe('restore')
    await expectNothing(on, databaseId)
    await truncate(file, 1000)
    const again = await on.core.restores.start(asNew(`${name}-cut`))
    const cut = await finished(on.core, again.jobId)
    expect(cut).toMatchObject({ state: 'failed', error: { code: 'backup_damaged' } })
    expect(cut.steps.find((step) => step.state === 'failed')?.name).toBe('open')
    await expectNothing(on, again.databaseId)
  })
})

function isRunning({ state }: { state: string }): boolean {
  return state === 'running'
}
