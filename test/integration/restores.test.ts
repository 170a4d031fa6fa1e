import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { namesOf } from '../../electron/domain/backups/view-backup.ts'
import { readManifest, writeManifest } from '../../shared/backup-manifest.ts'
import { backupIdSchema, type BackupId } from '../../shared/contract/backups.ts'
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
  CREATE EXTENSION pg_stat_statements; CREATE EXTENSION pageinspect; CREATE EXTENSION citext;
  CREATE TABLE empty (); SELECT lo_from_bytea(4242, 'a large object');
  CREATE SCHEMA own; CREATE TABLE own.words AS SELECT md5(n::text) FROM numbers;
  CREATE SCHEMA "'; DROP TABLE numbers; --"; CREATE TABLE "<img src=x onerror=alert(1)>" ();
  CREATE TABLE "'; DROP TABLE numbers; --".U&"\\001B]0;t\\0007\\202Etxt $(id) \\0060id\\0060" ();
  COMMENT ON TABLE numbers IS E'\\x1b[31m<script>alert(1)</script>';`

// One story, in order: each part stands on the one before.
describe('a backup becomes a database again', { timeout: 120_000 }, () => {
  // Its logical database is the one that work on all others is done from.
  const source = 'postgres'
  const name = freshName('re')
  const again = `${name}-again`
  const made: { id: DatabaseId; name: string }[] = []
  let on: CoreOnLab
  let folder = ''
  let sourceId: DatabaseId
  let otherId: DatabaseId
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
      databaseId,
      destinationIds: [destinationId],
      codec: 'zstd',
      encrypt: false,
    })
    await expectDone(on.core, jobId)
    // One job of a backup's life enqueues the next.
    for (const one of await on.core.jobs.list({ limit: 50 })) await job(one.id)
    return id
  }
  const asNew = (as: string): RestoreInput => ({
    backupId,
    destinationId,
    target: { kind: 'new', hostId: on.host.id, name: as, environment: 'development' },
  })
  const inOther = (): RestoreInput => ({
    backupId,
    destinationId,
    target: { kind: 'in-place', databaseId: otherId, confirmName: `${name}-other` },
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
    const { id, jobId } = await create(on, source)
    const other = await create(on, `${name}-other`)
    sourceId = id
    otherId = other.id
    made.push({ id, name: source }, { id: otherId, name: `${name}-other` })
    await expectDone(on.core, jobId)
    await expectDone(on.core, other.jobId)
    await sql(id, content)
    destinationId = (
      await on.core.destinations.add({
        name: 'near',
        kind: 'local-folder',
        secrets: {},
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

  it('or not at all: a cancel takes everything back', async () => {
    const before = await on.core.databases.list({})
    const { databaseId, jobId } = await on.core.restores.start(asNew(again))
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

  it('nor from a copy that was damaged', async () => {
    const [backup] = await on.core.backups.list({ databaseId: sourceId })
    const file = join(folder, 'near', backup?.copies[0]?.name ?? '')
    await copyFile(file, join(folder, 'whole'))
    await flipByte(file)
    const { databaseId, jobId } = await on.core.restores.start(asNew(again))
    const { state, error, steps } = await finished(on.core, jobId)
    expect({ state, code: error?.code }).toEqual({ state: 'failed', code: 'backup_damaged' })
    expect(steps.find((step) => step.state === 'failed')?.name).toBe('restore')
    await expectNothing(on, databaseId)
    await truncate(file, 1000)
    const second = await on.core.restores.start(asNew(again))
    const cut = await finished(on.core, second.jobId)
    expect(cut).toMatchObject({ state: 'failed', error: { code: 'backup_damaged' } })
    expect(cut.steps.find((step) => step.state === 'failed')?.name).toBe('open')
    await expectNothing(on, second.databaseId)
    await copyFile(join(folder, 'whole'), file)
    await expectDone(on.core, (await on.core.backups.verify({ id: backupId, destinationId })).jobId)
  })

  it('beside the one it was made of, with owners, grants, large objects and every row', async () => {
    // What was cancelled and what has failed is no hindrance: this is the same again.
    const as = again
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

  it('not where its task dies early: that is told at once, and what is there goes on', async () => {
    const before = `SELECT count(*) FROM pg_database;
      SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY 1`
    // Of the two roles that the backup needs, one is there; the other is made for it, and goes again.
    await sql(
      otherId,
      'CREATE ROLE reader; CREATE TABLE late (); CREATE TABLE numbers AS SELECT generate_series(1, 10) AS n',
    )
    const there = await sql(otherId, before)
    await on.lab.fault.proxy.rate('h1', 100_000)
    onTestFinished(() => on.lab.fault.clear())
    const { jobId } = await on.core.restores.start(inOther())
    // What hashes dies while the dump arrives, which a slow line makes long enough to meet.
    const task = `quayside-restore-${jobId}`
    const find =
      'for p in /proc/[0-9]*; do [ "$(readlink $p/fd/0)" = /run/quayside/hash ] && kill -9 ${p#/proc/} && exit; done'
    const kill = () => on.lab.docker('h1', ['exec', task, 'sh', '-c', `${find}; exit 1`])
    await expect.poll(async () => (await kill()).code, { timeout: 60_000, interval: 20 }).toBe(0)
    await on.lab.fault.clear()
    const killedAt = Date.now()
    const { state, error } = await finished(on.core, jobId)
    expect({ state, code: error?.code }).toEqual({ state: 'failed', code: 'restore_failed' })
    expect(Date.now() - killedAt).toBeLessThan(10_000)
    expect(await tasks()).toBe('')
    expect(await sql(otherId, `${before}; SELECT count(*) FROM numbers`)).toBe(`${there}\n10`)
  })

  it('in the place of another: what was there stays under another name, in a backup too', async () => {
    const target = inOther().target
    const wrong = { ...target, confirmName: 'another' }
    await expect(
      on.core.restores.start({ backupId, destinationId, target: wrong }),
    ).rejects.toMatchObject({ code: 'name_mismatch' })
    const [from, to] = [await sql(sourceId, 'SELECT user'), await sql(otherId, 'SELECT user')]
    await sql(
      otherId,
      `CREATE SUBSCRIPTION far CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p
        WITH (connect = false, slot_name = 'far'); ALTER SUBSCRIPTION far ENABLE`,
    )
    const { actions, warnings } = await on.core.restores.plan(inOther())
    expect(warnings.join()).toContain('subscribes to another server by far')
    expect(warnings.join()).toContain(`runs as ${to}, a superuser of this server`)
    expect(actions).toContainEqual({ verb: 'give', text: `what ${from} owned to ${to}` })
    // Nothing says that the server's own database holds nobody's data.
    await sql(otherId, 'CREATE TABLE astray ()', 'postgres')
    const { jobId } = await on.core.restores.start(inOther())
    await expectDone(on.core, jobId)
    expect(await sql(otherId, 'SELECT count(*) FROM numbers')).toBe('20000')
    expect(await sql(otherId, "SELECT to_regclass('late') IS NULL")).toBe('t')
    // Who owned it there is nobody here; who has it now has all of it.
    const owners = `SELECT DISTINCT tableowner FROM pg_tables
        WHERE schemaname !~ '^(pg_|information_)' ORDER BY 1;
      SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database();
      SELECT count(*) FROM pg_roles WHERE rolname = '${from}'`
    expect((await sql(otherId, owners)).split('\n').toSorted()).toEqual(
      ['0', to, to, 'keeper'].toSorted(),
    )
    const { steps } = await job(jobId)
    const kept = /DROP DATABASE (\S+)/.exec(steps.find((one) => one.name === 'swap')?.fact ?? '')
    expect(await sql(otherId, 'SELECT count(*) FROM numbers', kept?.[1])).toBe('10')
    const enabled = 'SELECT subenabled FROM pg_subscription'
    expect(await sql(otherId, enabled, kept?.[1])).toBe('f')
    const [safety] = await on.core.backups.list({ databaseId: otherId })
    expect(safety).toMatchObject({ rows: 10 })
    expect(safety?.warnings.join()).toContain('holds the database postgres too')
    expect(safety?.copies[0]?.verifiedAt).not.toBeNull()
    const databases = "SELECT count(*) FROM pg_database WHERE datname LIKE '%restoring%'"
    expect(await sql(otherId, databases)).toBe('0')
  })

  it('on another installation: by the recovery key whole, without one by who may do nothing else', async () => {
    const { text } = await on.core.recoveryKey.reveal({})
    await on.core.recoveryKey.confirm({ text })
    const sealed = await on.core.backups.create({
      databaseId: sourceId,
      destinationIds: [destinationId],
      codec: 'lz4',
      encrypt: true,
    })
    await expectDone(on.core, sealed.jobId)
    const other = await coreOnLab()
    onTestFinished(() => other.close())
    await other.core.secrets.createVault({ passphrase })
    other.core.work()
    const near = await other.core.destinations.add({
      name: 'near',
      kind: 'local-folder',
      secrets: {},
      config: { folder: join(folder, 'near') },
    })
    await other.core.backups.scan({ destinationId: near.id })
    const start = (from: BackupId, as: string) =>
      other.core.restores.start({
        backupId: from,
        destinationId: near.id,
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
      code: 'invalid_input',
      field: 'hostId',
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
  })

  it('of our own, but put there by somebody else: by who may do nothing outside of it', async () => {
    const forgedId = await forge(join(folder, 'near'), backupId)
    const found = await on.core.backups.scan({ destinationId })
    expect(found.added).toBe(1)
    const as = `${name}-forged`
    const forged = { ...asNew(as), backupId: forgedId }
    const plan = await on.core.restores.plan(forged)
    expect(plan.warnings.join()).toContain('Nothing proves who wrote this backup')
    const { databaseId, jobId } = await on.core.restores.start(forged)
    made.push({ id: databaseId, name: as })
    await expectDone(on.core, jobId)
    const owner = `SELECT tableowner || rolsuper FROM pg_tables JOIN pg_roles ON rolname = tableowner
      WHERE tablename = 'numbers'`
    expect(await sql(databaseId, owner)).toMatch(/^imported_[0-9a-f]{12}false$/)
    const roles = "SELECT count(*) FROM pg_roles WHERE rolname ~ '^(keeper|reader|quayside)'"
    expect(await sql(databaseId, roles)).toBe('0')
  })

  it('also a large one, for which its server begins as one to be filled, and is put back', async () => {
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
    // Twice while it is made, and once behind the restore.
    expect(`${stdout}${stderr}`.match(/ready to accept connections/g)).toHaveLength(3)
    expect(
      await sql(databaseId, 'SHOW wal_level; SHOW max_wal_senders; SHOW full_page_writes'),
    ).toBe('replica\n10\non')
    const gathered =
      "SELECT last_analyze IS NOT NULL FROM pg_stat_user_tables WHERE relname = 'wide'"
    expect(await sql(databaseId, gathered)).toBe('t')
  })
})

/** The newest backup of the same database, as anybody may lay it down who can write there. */
async function forge(root: string, id: BackupId): Promise<BackupId> {
  const files = await readdir(root, { recursive: true })
  const isOf = async (file: string): Promise<boolean> =>
    file.endsWith('.manifest.json') && (await readFile(join(root, file), 'utf8')).includes(id)
  for (const file of files) {
    if (!(await isOf(file))) continue
    const manifest = readManifest(await readFile(join(root, file), 'utf8'))
    const before = namesOf(manifest)
    const later = {
      ...manifest,
      id: crypto.randomUUID(),
      createdAt: new Date(Date.parse(manifest.createdAt) + 1000).toISOString(),
    }
    const after = namesOf(later)
    await copyFile(join(root, before.dump), join(root, after.dump))
    await copyFile(join(root, before.roles), join(root, after.roles))
    const [roles] = manifest.companions
    const forged = {
      ...later,
      object: { ...later.object, name: basename(after.dump) },
      companions: roles === undefined ? [] : [{ ...roles, name: basename(after.roles) }],
    }
    await writeFile(join(root, after.manifest), writeManifest(forged))
    return backupIdSchema.parse(forged.id)
  }
  throw new Error('there is no such backup')
}

function isRunning({ state }: { state: string }): boolean {
  return state === 'running'
}
