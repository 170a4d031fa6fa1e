import { createHash, randomBytes } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Bulk, Host } from '../../electron/domain/ports.ts'
import type { EngineTask, TableRows } from '../../electron/engines/engine-backup.ts'
import { postgres } from '../../electron/engines/postgres/index.ts'
import { openLab } from '../lab/lab.ts'
import { gather, openLabHost, runTask, startServer, startTask, type Server } from './backup-rig.ts'
import { freshName } from './docker-bench.ts'

const lab = await openLab()
const { backup } = postgres
const nonce = () => randomBytes(12).toString('hex')
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

let host: Host
let closeHost: () => Promise<void>
let bulk: Bulk
let server: Server

/** Owners, grants, a large object, an extension where there is one, several schemas, odd names. */
const content = `
CREATE ROLE app_rw NOLOGIN;
CREATE ROLE "app's \\"User\\"" LOGIN PASSWORD 'secret of the user' IN ROLE app_rw CONNECTION LIMIT 7;
CREATE ROLE stranger LOGIN;
ALTER ROLE app_rw SET search_path TO "$user", "Od""d, Schema", public;
ALTER ROLE app_rw IN DATABASE app SET statement_timeout TO '90s';
ALTER DATABASE app SET timezone TO 'Europe/Berlin';
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
`.replaceAll('\\"', '""')

beforeAll(async () => {
  const opened = await openLabHost()
  host = opened.host
  closeHost = opened.close
  ;[server, bulk] = await Promise.all([startServer(host), host.bulk()])
  await server.sql('app', content)
  await server.sql('app', 'CREATE EXTENSION IF NOT EXISTS pgcrypto').catch(() => undefined)
})
afterAll(async () => {
  await bulk.close()
  await server.remove()
  await closeHost()
})

async function dump(codec: 'none' | 'gzip' | 'zstd', snapshot: string | null = null) {
  const task = backup.dump({ source: server.source('app'), nonce: nonce(), snapshot, codec })
  return await runTask(bulk.docker(), server, task)
}

const dumps = new Map<string, ReturnType<typeof dump>>()
/** Made once by each codec, before anything changed. */
function dumped(codec: 'none' | 'gzip' | 'zstd'): ReturnType<typeof dump> {
  const known = dumps.get(codec) ?? dump(codec)
  dumps.set(codec, known)
  return known
}

async function countsOf(database: string): Promise<TableRows[]> {
  const session = await server.session(database)
  try {
    return await session.tables()
  } finally {
    await session.close()
  }
}

async function freshDatabase(): Promise<string> {
  const name = `re"s'tored ${randomBytes(3).toString('hex')}`
  const session = await server.session('postgres')
  await session.createDatabase(name, null)
  await session.close()
  return name
}

/** Every program of the image but openssl: a task finds none where its PATH does not lead. */
function withoutOpenssl<Report>(task: EngineTask<Report>): EngineTask<Report> {
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
    const { report, output } = await dumped(codec)
    expect(report).toMatchObject({ codec, warnings: [] })
    expect(report.tool).toContain('pg_dump (PostgreSQL) 15')
    if (codec === 'none') {
      expect(output.length).toBe(report.plainBytes)
      expect(sha256(output)).toBe(report.plainSha256)
      expect(backup.formatOf(output.subarray(0, 512))).toBe('custom')
    } else expect(output.length).toBeLessThan(report.plainBytes / 2)

    const database = await freshDatabase()
    const task = backup.restore({
      target: server.source(database),
      nonce: nonce(),
      codec,
      expected: { sha256: sha256(output), roomBytes: report.plainBytes },
      trust,
    })
    const restored = await runTask(bulk.docker(), server, task, output)
    expect(restored.report).toEqual({ warnings: [] })
    const counts = await countsOf('app')
    expect(counts).toContainEqual({ schema: 'Od"d, Schema', name: 'Ta"ble\' \\ 表', rows: 321 })
    expect(counts).toContainEqual({ schema: 'public', name: 'mother', rows: 1 })
    expect(counts).toContainEqual({
      schema: 'pg_catalog',
      name: 'pg_largeobject_metadata',
      rows: 1,
    })
    expect(await countsOf(database)).toEqual(counts)
    const owner = `SELECT tableowner FROM pg_tables WHERE tablename LIKE 'Ta%'`
    expect(await server.sql(database, owner)).toBe(`app's "User"`)
    const grants = `SELECT relacl FROM pg_class WHERE relname = 'big'`
    expect(await server.sql(database, grants)).toBe(await server.sql('app', grants))
  })

  it.each(['known', 'sealed'] as const)(
    'are hashed by sha256sum where the image has no openssl, of one that is %s',
    async (trust) => {
      const request = { source: server.source('app'), nonce: nonce(), snapshot: null }
      const dumping = withoutOpenssl(backup.dump({ ...request, codec: 'gzip' }))
      const { report, output } = await runTask(bulk.docker(), server, dumping)
      expect(report).toMatchObject({ sentSha256: sha256(output), warnings: [] })
      expect(report.plainSha256).toBe(sha256(gunzipSync(output)))

      // Restored as it comes, rows are there before the hash is known: whoever restores throws them away.
      const restore = (database: string, last: number) =>
        runTask(
          bulk.docker(),
          server,
          withoutOpenssl(
            backup.restore({
              ...{ target: server.source(database), nonce: nonce(), codec: 'gzip', trust },
              expected: { sha256: sha256(output), roomBytes: report.plainBytes },
            }),
          ),
          output.subarray(0, last),
        )
      await expect(restore(await freshDatabase(), -1)).rejects.toMatchObject({
        code: 'backup_damaged',
      })
      const database = await freshDatabase()
      expect((await restore(database, output.length)).report).toEqual({ warnings: [] })
      expect(await countsOf(database)).toEqual(await countsOf('app'))
    },
  )

  it('is of the moment of the snapshot, and so are the counts', async () => {
    const session = await server.session('app')
    onTestFinished(() => session.close())
    const snapshot = await session.exportSnapshot()
    await server.sql('app', 'CREATE TABLE late (n int); INSERT INTO big SELECT 0, NULL')
    const { report } = await dump('zstd', snapshot)
    const tables = await session.tables()
    expect(report.plainBytes).toBeGreaterThan(0)
    expect(tables).toContainEqual({ schema: 'public', name: 'big', rows: 20_000 })
    expect(tables.map(({ name }) => name)).not.toContain('late')
    await server.sql('app', 'DROP TABLE late; DELETE FROM big WHERE n = 0')
  })

  it('counts no view that a table has become meanwhile', async () => {
    await server.sql('app', 'CREATE TABLE turned (n int)')
    const session = await server.session('app')
    onTestFinished(() => session.close())
    await session.exportSnapshot()
    // In the snapshot it is a table still; by its name one would run whatever the view contains.
    await server.sql('app', 'DROP TABLE turned; CREATE VIEW turned AS SELECT 1 / 0 AS n')
    await expect(session.tables()).rejects.toMatchObject({
      detail: expect.stringMatching(/non-system view .*restricted/) as string,
    })
    await server.sql('app', 'DROP VIEW turned')
  })

  it('fails with the tool’s own reason', async () => {
    const source = { ...server.source('app'), database: 'nowhere' }
    const task = backup.dump({ source, nonce: nonce(), snapshot: null, codec: 'zstd' })
    const failed = runTask(bulk.docker(), server, task)
    await expect(failed).rejects.toMatchObject({
      code: 'backup_failed',
      message: 'The database could not be dumped.',
      detail: expect.stringContaining('database "nowhere" does not exist') as string,
    })
    const wrong = { ...server.source('app'), password: 'not this one' }
    const refused = backup.dump({ source: wrong, nonce: nonce(), snapshot: null, codec: 'none' })
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
    const database = await freshDatabase()
    for (const [codec, trust] of [
      ['none', 'known'],
      ['zstd', 'known'],
      ['zstd', 'sealed'],
    ] as const) {
      const { report, output } = await dumped(codec)
      const task = backup.restore({
        target: server.source(database),
        nonce: nonce(),
        codec,
        expected: { sha256: sha256(output), roomBytes: report.plainBytes },
        trust,
      })
      await expect(runTask(bulk.docker(), server, task, damage(output))).rejects.toMatchObject({
        code,
      })
    }
    expect(await countsOf(database)).toEqual([])
  })

  it('of a dump by a newer tool says so', async () => {
    const { output } = await dumped('none')
    const newer = Buffer.from(output)
    // Behind the mark stands the version of the format: 1.14, for one.
    newer.writeUInt8(newer.readUInt8(6) + 50, 6)
    const task = backup.restore({
      target: server.source(await freshDatabase()),
      ...{ nonce: nonce(), codec: 'none', trust: 'foreign' },
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
    const { report, output } = await dumped('zstd')
    const task = backup.restore({
      target: server.source('app'),
      nonce: nonce(),
      codec: 'zstd',
      expected: { sha256: sha256(output), roomBytes: report.plainBytes },
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

describe('a file of statements', () => {
  async function importer(database: string) {
    const user = `importer_${randomBytes(3).toString('hex')}`
    const password = randomBytes(12).toString('hex')
    const session = await server.session('postgres')
    await session.createImporter(user, password, database)
    await session.close()
    return { ...server.source(database), user, password }
  }

  async function load(text: string, more: { codec?: 'gzip' | 'none'; all?: boolean } = {}) {
    const database = await freshDatabase()
    const target = await importer(database)
    const { codec = 'none', all = true } = more
    const sent = codec === 'gzip' ? gzipSync(text) : Buffer.from(text)
    const task = backup.importStatements({
      target,
      nonce: nonce(),
      codec,
      expected: { sha256: sha256(sent), roomBytes: text.length },
      oneTransaction: all,
    })
    const outcome = await runTask(bulk.docker(), server, task, sent).then(
      () => null,
      (error: unknown) => error,
    )
    return { database, outcome, user: target.user }
  }

  it('is run in one transaction, as a login that owns the target alone', async () => {
    const good = await load('CREATE TABLE a (n int);\nCOPY a FROM stdin;\n1\n2\n\\.\n', {
      codec: 'gzip',
    })
    expect(good.outcome).toBeNull()
    expect(await countsOf(good.database)).toEqual([{ schema: 'public', name: 'a', rows: 2 }])
    const session = await server.session(good.database)
    await session.settleImporter(good.user, server.user, good.database)
    await session.close()
    const owner = `SELECT tableowner FROM pg_tables WHERE tablename = 'a'`
    expect(await server.sql(good.database, owner)).toBe(good.user)
    // By the password of the server's owner, without its rights.
    const login = await server.login(good.database, good.user)
    const settled = await postgres.openSession(login)
    await settled.ping()
    await settled.close()
    const facts = `SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb FROM pg_roles
      WHERE rolname = '${good.user}' UNION SELECT pg_get_userbyid(datdba) <> '${server.user}'
      FROM pg_database WHERE datname = current_database()`
    expect(await server.sql(good.database, facts)).toBe('f')
    await server.sql(good.database, `DROP OWNED BY ${good.user}; DROP ROLE ${good.user}`)

    const bad = await load('CREATE TABLE a (n int);\nSELECT 1/0;\n')
    expect(bad.outcome).toMatchObject({
      code: 'restore_failed',
      detail: expect.stringContaining('division by zero') as string,
    })
    expect(await countsOf(bad.database)).toEqual([])
    const grab = await load("COPY (SELECT 1) TO PROGRAM 'cat >/tmp/x';\n")
    expect(grab.outcome).toMatchObject({ code: 'restore_failed' })
  })

  it('runs no program and goes to no other database', async () => {
    for (const trick of ['\\! touch /run/quayside/x', '\\connect postgres', '\\i /etc/passwd']) {
      const { outcome, database } = await load(`CREATE TABLE a (n int);\n${trick}\n`)
      expect(outcome).toMatchObject({
        code: 'restore_failed',
        detail: expect.stringContaining('restricted') as string,
      })
      expect(await countsOf(database)).toEqual([])
    }
  })

  it('as pg_dump writes it works, and one that is cut does not', async () => {
    const argv = ['docker', 'exec', server.container, 'pg_dump', '-U', server.user, '-O', '-x']
    const { stdout: text } = await host.exec([...argv, '-t', 'big', 'app'])
    const whole = await load(text)
    expect(whole.outcome).toBeNull()
    expect(await countsOf(whole.database)).toEqual([
      { schema: 'public', name: 'big', rows: 20_000 },
    ])
    const cut = await load(text.slice(0, -200))
    expect(cut.outcome).toMatchObject({ code: 'backup_damaged' })
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
      settings: ['TimeZone=Europe/Berlin'],
      grants: expect.arrayContaining([
        { role: 'app_rw', privilege: 'CONNECT', grantable: true },
      ]) as unknown,
    })
  })

  it('is made again on another server, and nothing there is changed', async () => {
    const other = await startServer(host)
    onTestFinished(() => other.remove())
    const session = await server.session('app')
    const roles = await session.roles({ verifiers: true })
    const facts = await session.database()
    await session.close()
    const there = await other.session('postgres')
    onTestFinished(() => there.close())
    expect(await there.applyRoles(roles, { except: [server.user] })).toEqual([])
    expect(await there.applyRoles(roles, { except: [server.user] })).toEqual([])
    await there.createDatabase('again', facts)
    await expect(there.createDatabase('again', facts)).rejects.toMatchObject({ code: 'name_taken' })
    expect(await there.applyDatabase('again', facts, roles)).toEqual([])
    const made = await other.session('again')
    onTestFinished(() => made.close())
    const again = await made.database()
    expect({ ...again, name: 'app', extensions: [] }).toEqual({ ...facts, extensions: [] })
    const user = `app's "User"`
    const as = await other.login('again', user, 'secret of the user')
    await (await postgres.openSession(as)).close()
    const kept = await other.sql('again', `SET ROLE "${user.replace(/"/g, '""')}"; SHOW timezone`)
    expect(kept).toBe('Europe/Berlin')
  })

  it('goes again with the restore that it was made for, but for what is in use by then', async () => {
    const session = await server.session('app')
    const read = await session.roles({ verifiers: false })
    await session.close()
    const names = ['free', 'group', 'member', 'owning', 'taken_in', 'there']
    const roles = read.slice(0, 1).flatMap((role) =>
      names.map((name) => ({
        ...{ ...role, name, settings: [], databaseSettings: [] },
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
    await server.sql('postgres', 'GRANT taken_in TO there')
    expect(await there.dropRoles('made by another')).toEqual([])
    expect(await there.dropRoles(how.mark)).toEqual(['owning', 'taken_in'])
    const left = `SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles
      WHERE rolname IN ('${names.join("','")}')`
    expect(await server.sql('postgres', left)).toBe('owning taken_in there')
    await server.sql('app', 'DROP SCHEMA of_owning')
    await server.sql('postgres', 'DROP ROLE there')
    expect(await there.dropRoles(how.mark)).toEqual([])
  })
})

describe('a restored database in the place of another', () => {
  it('takes it in one instant, also while clients come back again and again', async () => {
    await server.sql('postgres', 'CREATE DATABASE live; CREATE DATABASE filled')
    await server.sql('live', "CREATE TABLE which AS SELECT 'old' AS which")
    await server.sql('filled', "CREATE TABLE which AS SELECT 'new' AS which")
    const state = { over: false }
    const client = async (): Promise<void> => {
      while (!state.over) {
        const session = await postgres.openSession(await server.login('live')).catch(() => null)
        await session?.ping().catch(() => undefined)
        await new Promise((resolve) => setTimeout(resolve, 30))
        await session?.close()
      }
    }
    const clients = [client(), client(), client()]
    await backup.swap(() => server.login('postgres'), {
      filled: 'filled',
      live: 'live',
      keepAs: 'live_before_restore_20261121_1200',
    })
    state.over = true
    await Promise.all(clients)
    expect(await server.sql('live', 'SELECT which FROM which')).toBe('new')
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

describe('a task', () => {
  const labels = { 'io.quayside.test-task': freshName('label') }
  const start = (name: string, script: string, more: object = {}) =>
    bulk.docker().startTask({
      name,
      image: server.imageId,
      command: ['sh', '-c', script],
      labels,
      network: 'none',
      tmpfs: [],
      memoryBytes: null,
      ...more,
    })

  it('tells its exit code, and a write to one that is over fails at once', async () => {
    const task = await start(freshName('early'), 'head -c 10 >/dev/null; exit 5')
    onTestFinished(() => task.remove())
    const written = new Promise((resolve) => {
      task.stdin.once('error', resolve)
      for (let piece = 0; piece < 40; piece++) task.stdin.write(Buffer.alloc(2 ** 20))
    })
    expect(await written).toMatchObject({ code: 'EPIPE' })
    expect((await gather(task.stdout)).length).toBe(0)
    expect(await task.exit).toBe(5)
  })

  it('that is killed says so, and its name is free for the next try', async () => {
    const name = freshName('killed')
    const first = await start(name, 'echo begun; sleep 60')
    first.stdout.resume()
    await start(name, 'true').then((second) => second.remove())
    expect(await first.exit.catch((error: unknown) => error)).not.toBe(0)
    const third = await start(name, 'sleep 60')
    third.stdout.resume()
    await third.kill()
    await third.kill()
    expect(await third.exit).toBe(137)
    await expect(start(name, 'true', { labels: { other: 'x' } })).rejects.toMatchObject({
      code: 'name_taken',
    })
    expect(await host.docker().removeTasks(labels)).toBe(1)
    expect(await host.docker().removeTasks(labels)).toBe(0)
    await third.remove()
  })

  it('has a scratch on disk that goes with it, and can write nowhere else', async () => {
    const before = (await lab.docker('h1', ['volume', 'ls', '-q'])).stdout.split('\n').length
    const script = 'echo x >/scratch/a && echo y >/elsewhere; ls /scratch; id -u; df -P /scratch'
    const task = await start(freshName('scratch'), script, { scratch: '/scratch' })
    const said = (await gather(task.stdout)).toString()
    expect(said).toMatch(/^a\n0\n/)
    expect(task.stderr()).toContain('Read-only file system')
    await task.remove()
    const after = (await lab.docker('h1', ['volume', 'ls', '-q'])).stdout.split('\n').length
    expect(after).toBe(before)
  })

  it('that takes more memory than it may ends with that reason', async () => {
    const script = 'cat /dev/zero | head -c 200m | tail -c 190m | wc -c'
    const task = await start(freshName('greedy'), script, { memoryBytes: 64 * 2 ** 20 })
    onTestFinished(() => task.remove())
    task.stdout.resume()
    const end = await task.exit.catch((error: unknown) => error)
    if (end !== 0)
      expect(end).toMatchObject({ message: expect.stringContaining('memory') as string })
  })

  it('shows its password nowhere', async () => {
    const dumping = backup.dump({
      source: server.source('app'),
      nonce: nonce(),
      snapshot: null,
      codec: 'none',
    })
    // pg_dump waits for the lock until it is taken away, and so can be looked at.
    const locked = server.sql('app', 'BEGIN; LOCK TABLE big; SELECT pg_sleep(60)').catch(String)
    const holder = `FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(60)%'`
    const held = () => server.sql('app', `SELECT count(*) ${holder}`)
    await expect.poll(held, { timeout: 20_000 }).toContain('1')
    const task = await startTask(bulk.docker(), server, dumping)
    onTestFinished(() => task.remove())
    task.stdin.end(dumping.input)
    const look = 'cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr "\\0" "\\n"'
    const processes = async () =>
      (await lab.docker('h1', ['exec', task.id, 'sh', '-c', look])).stdout
    await expect.poll(processes, { timeout: 10_000 }).toContain('--lock-wait-timeout')
    const secret = server.password.slice(0, 16)
    const seen = await processes()
    const inspected = await lab.docker('h1', ['inspect', task.id])
    const changed = await lab.docker('h1', ['diff', task.id])
    expect(inspected.stdout).toContain(task.id)
    expect(seen).toContain('PGPASSFILE=')
    for (const text of [inspected.stdout, seen, changed.stdout, task.stderr()])
      expect(text).not.toContain(secret)
    expect(changed.stdout).not.toContain('pgpass')
    await server.sql('app', `SELECT pg_terminate_backend(pid) ${holder}`)
    await gather(task.stdout)
    expect(await task.exit).toBe(0)
    await locked
  })
})
