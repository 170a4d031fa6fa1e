import { createHash, randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Bulk, Host } from '../../electron/domain/ports.ts'
import { postgres } from '../../electron/engines/postgres/index.ts'
import {
  countsOf,
  freshDatabase,
  openBackupRig,
  runTask,
  type BackupRig,
  type Server,
} from './backup-rig.ts'

const { backup } = postgres
let rig: BackupRig
let host: Host
let bulk: Bulk
let server: Server

beforeAll(async () => {
  rig = await openBackupRig()
  ;({ host, bulk, server } = rig)
  await server.sql(
    'app',
    `CREATE TABLE big AS SELECT n, md5(n::text) AS t FROM generate_series(1, 20000) n`,
  )
})
afterAll(() => rig.close())

describe('a file of statements', () => {
  async function importer(database: string) {
    const user = `importer_${randomBytes(3).toString('hex')}`
    const password = randomBytes(12).toString('hex')
    const session = await server.session('postgres')
    await session.createImporter(user, password, database)
    await session.close()
    return { ...server.source(database), user, password }
  }

  async function load(text: string, codec: 'gzip' | 'none' = 'none') {
    const database = await freshDatabase(server)
    const target = await importer(database)
    const sent = codec === 'gzip' ? gzipSync(text) : Buffer.from(text)
    const task = backup.importStatements({
      target,
      nonce: randomBytes(12).toString('hex'),
      codec,
      expected: { sha256: createHash('sha256').update(sent).digest('hex'), roomBytes: text.length },
    })
    const outcome = await runTask(bulk.docker(), server, task, sent).then(
      () => null,
      (error: unknown) => error,
    )
    return { database, outcome, user: target.user }
  }

  it('is run up to the first that fails, as a login that owns the target alone', async () => {
    const good = await load('CREATE TABLE a (n int);\nCOPY a FROM stdin;\n1\n2\n\\.\n', 'gzip')
    expect(good.outcome).toBeNull()
    expect(await countsOf(server, good.database)).toEqual([
      { schema: 'public', name: 'a', rows: 2 },
    ])
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

    const bad = await load('CREATE TABLE a (n int);\nSELECT 1/0;\nCREATE TABLE b (n int);\n')
    expect(bad.outcome).toMatchObject({
      code: 'restore_failed',
      detail: expect.stringContaining('division by zero') as string,
    })
    expect((await countsOf(server, bad.database)).map(({ name }) => name)).toEqual(['a'])
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
      expect((await countsOf(server, database)).map(({ name }) => name)).toEqual(['a'])
    }
  })

  it('as pg_dump writes it works, and one that is cut does not', async () => {
    const argv = ['docker', 'exec', server.container, 'pg_dump', '-U', server.user, '-O', '-x']
    const { stdout: text } = await host.exec([...argv, '-t', 'big', 'app'])
    const whole = await load(text)
    expect(whole.outcome).toBeNull()
    expect(await countsOf(server, whole.database)).toEqual([
      { schema: 'public', name: 'big', rows: 20_000 },
    ])
    const cut = await load(text.slice(0, -200))
    expect(cut.outcome).toMatchObject({ code: 'backup_damaged' })
  })
})
