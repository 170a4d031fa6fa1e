import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Bulk } from '../../electron/domain/ports.ts'
import type { EngineTask, TaskCodec } from '../../electron/engines/engine-backup.ts'
import { sessionOver } from '../../electron/engines/postgres/backup-session.ts'
import { connectPostgres } from '../../electron/engines/postgres/client.ts'
import { postgres } from '../../electron/engines/postgres/index.ts'
import {
  countsOf,
  dumpOf,
  freshDatabase,
  gather,
  openBackupRig,
  runTask,
  startServer,
  startTask,
  type BackupRig,
  type Server,
} from './backup-rig.ts'

const { backup } = postgres
const nonce = () => randomBytes(12).toString('hex')
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

let rig: BackupRig
let bulk: Bulk
let server: Server

/** Owners, grants, a large object, an extension where there is one, several schemas, odd names. */
const content = `
CREATE ROLE app_rw NOLOGIN;
CREATE ROLE "app's \\"User\\"" LOGIN PASSWORD 'secret of the user' IN ROLE app_rw CONNECTION LIMIT 7
  VALID UNTIL '2031-12-05 12:00+00';
CREATE ROLE stranger LOGIN;
ALTER ROLE app_rw SET search_path TO "$user", "Od""d, Schema", public;
ALTER ROLE app_rw IN DATABASE app SET statement_timeout TO '90s';
ALTER DATABASE app WITH CONNECTION LIMIT 50 IS_TEMPLATE true;
ALTER DATABASE app SET timezone TO 'Europe/Berlin';
ALTER DATABASE app SET datestyle TO 'SQL, DMY';
REVOKE CONNECT ON DATABASE app FROM PUBLIC;
GRANT CONNECT ON DATABASE app TO app_rw WITH GRANT OPTION;
CREATE SCHEMA "Od""d, Schema" AUTHORIZATION app_rw;
CREATE TABLE "Od""d, Schema"."Ta""ble' \\ 表" (id serial PRIMARY KEY, "Co""l" text);
ALTER TABLE "Od""d, Schema"."Ta""ble' \\ 表" OWNER TO "app's \\"User\\"";
INSERT INTO "Od""d, Schema"."Ta""ble' \\ 表" ("Co""l") SELECT 'row ' || n FROM generate_series(1, 321) n;
CREATE TABLE public.parts (at date, v int) PARTITION BY RANGE (at);
CREATE TABLE public.parts_1 PARTITION OF public.parts FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
INSERT INTO public.parts SELECT '2026-01-05', n FROM generate_series(1, 50) n;
CREATE TABLE public.mother (a int); CREATE TABLE public.child () INHERITS (public.mother);
INSERT INTO mother VALUES (1); INSERT INTO child VALUES (2), (3);
CREATE TABLE public.big AS SELECT n, md5(n::text) || repeat('x', 50) AS t FROM generate_series(1, 20000) n;
GRANT SELECT ON public.big TO app_rw WITH GRANT OPTION;
CREATE MATERIALIZED VIEW public.few AS SELECT * FROM public.big WHERE n < 10;
SELECT lo_from_bytea(0, convert_to('a large object', 'UTF8'));
SET allow_in_place_tablespaces TO on; CREATE TABLESPACE fast LOCATION '';
CREATE TABLE public.placed (n int PRIMARY KEY) TABLESPACE fast;
`.replaceAll('\\"', '""')

beforeAll(async () => {
  rig = await openBackupRig()
  ;({ bulk, server } = rig)
  await server.sql('app', content)
  await server.sql('app', 'CREATE EXTENSION IF NOT EXISTS pgcrypto').catch(() => undefined)
})
afterAll(() => rig.close())

const dump = (codec: TaskCodec) => dumpOf(bulk.docker(), server, 'app', codec)

const dumps = new Map<string, ReturnType<typeof dump>>()
/** Made once by each codec, before anything changed. */
function dumped(codec: TaskCodec): ReturnType<typeof dump> {
  const known = dumps.get(codec) ?? dump(codec)
  dumps.set(codec, known)
  return known
}

/** Every program of the image but openssl: a task finds none where its PATH does not lead. */
function withoutOpenssl<Task extends EngineTask<unknown>>(task: Task): Task {
  const bin = '/run/quayside/bin'
  const hide = `mkdir ${bin} && ln -s /usr/bin/* ${bin} && rm ${bin}/openssl || exit 99
    PATH=${bin}:/usr/lib/postgresql/15/bin`
  const [shell = '', flag = '', script = '', ...words] = task.command
  return { ...task, command: [shell, flag, `${hide}\n${script}`, ...words] }
}

describe('a dump and its restore', () => {
  it.each([
    ['none', 'known'],
    ['none', 'sealed'],
    ['gzip', 'sealed'],
    ['zstd', 'known'],
    ['zstd', 'sealed'],
  ] as const)('give the same again, by %s, of one that is %s', async (codec, trust) => {
    const { report, output, plain } = await dumped(codec)
    expect(report).toMatchObject({ codec, sentSha256: sha256(output), warnings: [] })
    expect(report.tool).toContain('pg_dump (PostgreSQL) 15')
    expect(backup.formatOf(plain.subarray(0, 512))).toBe('custom')
    if (codec !== 'none') expect(output.length).toBeLessThan(plain.length / 2)

    const database = await freshDatabase(server)
    const task = backup.restore({
      target: server.source(database),
      nonce: nonce(),
      codec,
      expected: { sha256: sha256(output), roomBytes: plain.length },
      trust,
    })
    const restored = await runTask(bulk.docker(), server, task, output)
    expect(restored.report).toEqual({ warnings: [] })
    const counts = await countsOf(server, 'app')
    expect(counts).toContainEqual({ schema: 'Od"d, Schema', name: 'Ta"ble\' \\ 表', rows: 321 })
    expect(counts).toContainEqual({ schema: 'public', name: 'mother', rows: 1 })
    expect(counts).toContainEqual({
      schema: 'pg_catalog',
      name: 'pg_largeobject_metadata',
      rows: 1,
    })
    expect(await countsOf(server, database)).toEqual(counts)
    const owner = `SELECT tableowner FROM pg_tables WHERE tablename LIKE 'Ta%'`
    expect(await server.sql(database, owner)).toBe(`app's "User"`)
    const placed = `SELECT reltablespace FROM pg_class WHERE relname = 'placed'`
    expect(await server.sql(database, placed)).toBe('0')
    const grants = `SELECT relacl FROM pg_class WHERE relname = 'big'`
    expect(await server.sql(database, grants)).toBe(await server.sql('app', grants))
  })

  it.each(['known', 'sealed'] as const)(
    'are hashed by sha256sum where the image has no openssl, of one that is %s',
    async (trust) => {
      const made = await dumpOf(bulk.docker(), server, 'app', 'gzip', withoutOpenssl)
      const { report, output, plain } = made
      expect(report).toMatchObject({ sentSha256: sha256(output), warnings: [] })

      // Restored as it comes, rows are there before the hash is known: whoever restores throws them away.
      const restore = (database: string, last: number) =>
        runTask(
          bulk.docker(),
          server,
          withoutOpenssl(
            backup.restore({
              target: server.source(database),
              nonce: nonce(),
              codec: 'gzip',
              trust,
              expected: { sha256: sha256(output), roomBytes: plain.length },
            }),
          ),
          output.subarray(0, last),
        )
      await expect(restore(await freshDatabase(server), -1)).rejects.toMatchObject({
        code: 'backup_damaged',
      })
      const database = await freshDatabase(server)
      expect((await restore(database, output.length)).report).toEqual({ warnings: [] })
      expect(await countsOf(server, database)).toEqual(await countsOf(server, 'app'))
    },
  )

  it('is of the moment of the snapshot, and so are the counts', async () => {
    const session = await server.session('app')
    onTestFinished(() => session.close())
    const snapshot = await session.exportSnapshot()
    await server.sql('app', 'CREATE TABLE late (n int); INSERT INTO big SELECT 0, NULL')
    // An emptied table is so at once for everybody; a rewritten one has no rows of before.
    for (const change of ['TRUNCATE parts_1', 'ALTER TABLE parts ALTER v TYPE bigint']) {
      const soon = server.sql('app', `SET lock_timeout TO '200ms'; ${change}`)
      await expect(soon).rejects.toThrow('lock timeout')
    }
    const request = { source: server.source('app'), nonce: nonce(), snapshot }
    const task = backup.dump({ ...request, codec: 'zstd' })
    await runTask(bulk.docker(), server, task)
    const tables = await session.tables()
    expect(tables).toContainEqual({ schema: 'public', name: 'big', rows: 20_000 })
    expect(tables.map(({ name }) => name)).not.toContain('late')
    await server.sql('app', 'DROP TABLE late; DELETE FROM big WHERE n = 0')
  })

  it('counts no view that a table has become meanwhile', async () => {
    await server.sql('app', 'CREATE TABLE turned (n int)')
    const client = await connectPostgres(await server.login('app'), { queryMs: null })
    const rowCounts: typeof client.rowCounts = async (statements) => {
      // It was found as a table; by its name one would run whatever the view contains.
      await server.sql('app', 'DROP TABLE turned; CREATE VIEW turned AS SELECT 1 / 0 AS n')
      return client.rowCounts(statements)
    }
    const session = await sessionOver({ ...client, rowCounts })
    onTestFinished(() => session.close())
    await expect(session.tables()).rejects.toMatchObject({
      detail: expect.stringMatching(/cannot copy from view/) as string,
    })
    await server.sql('app', 'DROP VIEW turned')
  })

  it('runs nothing of what a table brings along, which would run as a superuser', async () => {
    const make =
      'CREATE OR REPLACE FUNCTION trap(n int) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS'
    await server.sql(
      'app',
      `${make} 'BEGIN RETURN true; END';
      CREATE TABLE "Bai""ted" (t text, n int, twice int GENERATED ALWAYS AS (n * 2) STORED);
      INSERT INTO "Bai""ted" (n) SELECT generate_series(1, 3);
      CREATE INDEX ON "Bai""ted" (n) WHERE trap(1);
      ${make} 'BEGIN RAISE EXCEPTION ''it has run''; END'`,
    )
    onTestFinished(async () => {
      await server.sql('app', 'DROP TABLE "Bai""ted"; DROP FUNCTION trap')
    })
    const asked = server.sql('app', 'SELECT count(*) FROM "Bai""ted"')
    await expect(asked).rejects.toThrow('it has run')
    const session = await server.session('app')
    onTestFinished(() => session.close())
    expect(await session.tables()).toContainEqual({ schema: 'public', name: 'Bai"ted', rows: 3 })
  })

  it('fails with the tool’s own reason', async () => {
    const source = { ...server.source('app'), database: 'nowhere' }
    const task = backup.dump({ source, nonce: nonce(), snapshot: '1', codec: 'zstd' })
    const failed = runTask(bulk.docker(), server, task)
    await expect(failed).rejects.toMatchObject({
      code: 'backup_failed',
      message: 'The database could not be dumped.',
      detail: expect.stringContaining('database "nowhere" does not exist') as string,
    })
    const wrong = { ...server.source('app'), password: 'not this one' }
    const refused = backup.dump({ source: wrong, nonce: nonce(), snapshot: '1', codec: 'none' })
    await expect(runTask(bulk.docker(), server, refused)).rejects.toMatchObject({
      code: 'backup_failed',
      hint: expect.stringContaining('password') as string,
    })
  })
})

describe('a restore', () => {
  it.each([
    ['cut', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2), 'backup_damaged'],
    ['empty', () => Buffer.alloc(0), 'backup_damaged'],
    [
      'changed in one bit',
      (bytes: Buffer) => {
        const changed = Buffer.from(bytes)
        const at = Math.floor(bytes.length / 2)
        changed[at] = (changed[at] ?? 0) ^ 1
        return changed
      },
      'backup_damaged',
    ],
  ])('of a dump that is %s does not touch the target', async (_how, damage, code) => {
    const database = await freshDatabase(server)
    for (const [codec, trust] of [
      ['none', 'known'],
      ['zstd', 'known'],
      ['zstd', 'sealed'],
    ] as const) {
      const { output, plain } = await dumped(codec)
      const task = backup.restore({
        target: server.source(database),
        nonce: nonce(),
        codec,
        expected: { sha256: sha256(output), roomBytes: plain.length },
        trust,
      })
      await expect(runTask(bulk.docker(), server, task, damage(output))).rejects.toMatchObject({
        code,
      })
    }
    expect(await countsOf(server, database)).toEqual([])
  })

  it('of a dump by a newer tool says so', async () => {
    const { output } = await dumped('none')
    const newer = Buffer.from(output)
    // Behind the mark stands the version of the format: 1.14, for one.
    newer.writeUInt8(newer.readUInt8(6) + 50, 6)
    const task = backup.restore({
      target: server.source(await freshDatabase(server)),
      nonce: nonce(),
      codec: 'none',
      trust: 'foreign',
      expected: { sha256: sha256(newer), roomBytes: newer.length },
    })
    await expect(runTask(bulk.docker(), server, task, newer)).rejects.toMatchObject({
      code: 'restore_failed',
      hint: expect.stringContaining('newer version') as string,
      detail: expect.stringContaining('unsupported version') as string,
    })
  })

  it('needs room on the disk of the host', async () => {
    const task = backup.restore({
      target: server.source('app'),
      nonce: nonce(),
      codec: 'none',
      expected: { sha256: '0'.repeat(64), roomBytes: 2 ** 50 },
      trust: 'known',
    })
    const failed = runTask(bulk.docker(), server, task, Buffer.alloc(10))
    await expect(failed).rejects.toMatchObject({ code: 'disk_full' })
  })

  it.each(['known', 'sealed'] as const)('that the database refuses says so, %s', async (trust) => {
    const { output, plain } = await dumped('zstd')
    const task = backup.restore({
      target: server.source('app'),
      nonce: nonce(),
      codec: 'zstd',
      expected: { sha256: sha256(output), roomBytes: plain.length },
      trust,
    })
    const running = await startTask(bulk.docker(), server, task)
    onTestFinished(() => running.remove())
    running.stdin.write(task.input)
    running.stdin.end(output)
    await gather(running.stdout)
    const ended = { exitCode: await running.exit, stderr: running.stderr() }
    expect(task.phaseIn(ended.stderr)).toBe('restoring')
    expect(() => task.report(ended)).toThrowError(
      expect.objectContaining({
        code: 'restore_failed',
        detail: expect.stringContaining('already exists') as string,
      }),
    )
  })
})

describe('what a dump does not hold', () => {
  it('is read: the roles that the database needs, and its own settings', async () => {
    const session = await server.session('app')
    onTestFinished(() => session.close())
    const roles = await session.roles({ verifiers: true })
    expect(roles.map(({ name }) => name)).toEqual([`app's "User"`, 'app_rw', server.user])
    expect(roles[0]).toMatchObject({
      login: true,
      connectionLimit: 7,
      validUntil: '2031-12-05 13:00:00+01',
      memberOf: [{ role: 'app_rw', admin: false }],
      verifier: expect.stringMatching(/^SCRAM-SHA-256\$4096:/) as string,
    })
    expect(roles[1]).toMatchObject({
      settings: ['search_path="$user", "Od""d, Schema", public'],
      databaseSettings: ['statement_timeout=90s'],
    })
    expect(JSON.stringify(await session.roles({ verifiers: false }))).not.toContain('SCRAM')
    expect(await session.database()).toMatchObject({
      name: 'app',
      owner: server.user,
      encoding: 'UTF8',
      settings: ['TimeZone=Europe/Berlin', 'DateStyle=SQL, DMY'],
      grants: expect.arrayContaining([
        { role: 'app_rw', privilege: 'CONNECT', grantable: true },
      ]) as unknown,
    })
  })

  it('is made again on another server, and nothing there is changed', async () => {
    const other = await startServer(rig.host)
    onTestFinished(() => other.remove())
    const session = await server.session('app')
    const read = await session.roles({ verifiers: true })
    const facts = await session.database()
    await session.close()
    const there = await other.session('postgres')
    onTestFinished(() => there.close())
    const second = read.slice(0, 1).map((role) => ({ ...role, name: 'second', superuser: true }))
    const roles = [...read, ...second]
    const how = { except: [server.user] }
    const lost = ['The role “second” is no superuser any more.']
    expect(await there.applyRoles(roles, how)).toEqual(lost)
    expect(await there.applyRoles(roles, how)).toEqual([])
    await there.createDatabase('again', facts)
    await expect(there.createDatabase('again', facts)).rejects.toMatchObject({ code: 'name_taken' })
    expect(await there.applyDatabase('again', facts, roles)).toEqual([])
    const made = await other.session('again')
    onTestFinished(() => made.close())
    const again = await made.database()
    expect({ ...again, name: 'app', extensions: [] }).toEqual({ ...facts, extensions: [] })
    // As a restore does, and as only a superuser may.
    await other.sql(
      'again',
      `SET ROLE second; CREATE TABLE of_second ();
        CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
        CREATE EVENT TRIGGER noted ON sql_drop EXECUTE FUNCTION f()`,
    )
    expect(await made.settleRoles(roles, { owner: other.user })).toEqual([
      `The event trigger “noted” of “second” belongs to “${other.user}” now.`,
    ])
    expect(await made.settleRoles(roles, { owner: other.user })).toEqual([])
    const settled = `SELECT evtowner::regrole = current_user::regrole,
        'of_second'::regclass IN (SELECT oid FROM pg_class WHERE relowner = 'second'::regrole)
      FROM pg_event_trigger;
      SELECT rolsuper, rolcanlogin, pg_has_role('second', 'app_rw', 'MEMBER') FROM pg_roles
        WHERE rolname = 'second'`
    expect(await other.sql('again', settled)).toBe('t|t\nf|t|t')
    const user = `app's "User"`
    const as = await other.login('again', user, 'secret of the user')
    await (await postgres.openSession(as)).close()
    const kept = await other.sql('again', `SET ROLE "${user.replace(/"/g, '""')}"; SHOW timezone`)
    expect(kept).toBe('Europe/Berlin')
    await there.dropDatabase('again')
    expect(await there.listDatabases()).not.toContain('again')
  })

  it('goes again with the restore that it was made for, but for what is in use by then', async () => {
    const session = await server.session('app')
    const read = await session.roles({ verifiers: false })
    await session.close()
    const names = ['free', 'group', 'member', 'owning', 'taken_in', 'there']
    const roles = read.slice(0, 1).flatMap((role) =>
      names.map((name) => ({
        ...role,
        name,
        superuser: name === 'owning',
        settings: [],
        databaseSettings: [],
        memberOf: name === 'member' ? [{ role: 'group', admin: false }] : [],
      })),
    )
    const there = await server.session('postgres')
    onTestFinished(() => there.close())
    await server.sql('postgres', `CREATE ROLE there; COMMENT ON ROLE there IS 'our own'`)
    const how = { except: [], mark: 'made by this test' }
    await there.applyRoles(roles, how)
    await there.applyRoles(roles, how)
    await server.sql('app', 'CREATE SCHEMA of_owning AUTHORIZATION owning')
    const isSuper = `SELECT rolsuper FROM pg_roles WHERE rolname = 'owning'`
    expect(await server.sql('postgres', isSuper)).toBe('t')
    await server.sql('postgres', 'GRANT taken_in TO there')
    expect(await there.dropRoles('made by another')).toEqual([])
    expect(await there.dropRoles(how.mark)).toEqual(['owning', 'taken_in'])
    const left = `SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles
      WHERE rolname IN ('${names.join("','")}')`
    expect(await server.sql('postgres', left)).toBe('owning taken_in there')
    expect(await server.sql('postgres', isSuper)).toBe('f')
    await server.sql('app', 'DROP SCHEMA of_owning')
    await server.sql('postgres', 'DROP ROLE there')
    expect(await there.dropRoles(how.mark)).toEqual([])
  })
})

describe('a restored database in the place of another', () => {
  it('takes it in one instant, also while clients come back again and again', async () => {
    // The one that others are worked on from.
    const live = 'postgres'
    await server.sql('postgres', 'CREATE DATABASE filled')
    await server.sql(live, "CREATE TABLE which AS SELECT 'old' AS which")
    await server.sql('filled', "CREATE TABLE which AS SELECT 'new' AS which")
    const state = { over: false }
    const client = async (): Promise<void> => {
      while (!state.over) {
        const session = await postgres.openSession(await server.login(live)).catch(() => null)
        await session?.ping().catch(() => undefined)
        await new Promise((resolve) => setTimeout(resolve, 30))
        await session?.close()
      }
    }
    const clients = [client(), client(), client()]
    await backup.swap(() => server.login(backup.maintenanceFor(live)), {
      filled: 'filled',
      live,
      keepAs: 'live_before_restore_20261121_1200',
    })
    state.over = true
    await Promise.all(clients)
    expect(await server.sql(live, 'SELECT which FROM which')).toBe('new')
    const kept = await server.sql('live_before_restore_20261121_1200', 'SELECT which FROM which')
    expect(kept).toBe('old')
  })

  it('leaves both as they are where a name is taken', async () => {
    await server.sql('postgres', 'CREATE DATABASE taken; CREATE DATABASE one; CREATE DATABASE two')
    const names = { filled: 'one', live: 'two', keepAs: 'taken' }
    const swap = backup.swap(() => server.login('postgres'), names)
    await expect(swap).rejects.toMatchObject({ code: 'restore_failed' })
    const session = await server.session('postgres')
    onTestFinished(() => session.close())
    expect(await session.listDatabases()).toEqual(expect.arrayContaining(['one', 'two', 'taken']))
  })
})
