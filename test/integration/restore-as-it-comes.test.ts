import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Bulk } from '../../electron/domain/ports.ts'
import type { RestoreReport } from '../../electron/engines/engine-backup.ts'
import { postgres } from '../../electron/engines/postgres/index.ts'
import { dumpOf, openBackupRig, runTask, type BackupRig, type Server } from './backup-rig.ts'

const { backup } = postgres
const nonce = () => randomBytes(12).toString('hex')

let rig: BackupRig
let bulk: Bulk
let server: Server

beforeAll(async () => {
  rig = await openBackupRig()
  ;({ bulk, server } = rig)
})
afterAll(() => rig.close())

async function databaseWith(statements: string): Promise<string> {
  const name = `db_${randomBytes(4).toString('hex')}`
  const session = await server.session('postgres')
  await session.createDatabase(name, null)
  await session.close()
  await server.sql(name, statements)
  return name
}

/** Dumps one logical database and restores it into the other while it comes. */
async function restore(from: string, to: string): Promise<RestoreReport> {
  const docker = bulk.docker()
  const { output, plain } = await dumpOf(docker, server, from, 'zstd')
  const sha256 = createHash('sha256').update(output).digest('hex')
  const restoring = backup.restore({
    target: server.source(to),
    nonce: nonce(),
    codec: 'zstd',
    trust: 'sealed',
    expected: { sha256, roomBytes: plain.length },
  })
  return (await runTask(docker, server, restoring, output)).report
}

/** In how many transactions the tables of a database were made. */
const transactions = async (database: string): Promise<number> =>
  Number(
    await server.sql(
      database,
      "SELECT count(DISTINCT xmin::text) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
    ),
  )

it('is one transaction: what is refused at its end leaves nothing of its beginning', async () => {
  const tables = [1, 2, 3].map((n) => `CREATE TABLE t${n} AS SELECT 1 AS a;`).join('\n')
  const from = await databaseWith(tables)
  const whole = await databaseWith('')
  expect((await restore(from, whole)).warnings).toEqual([])
  expect(await transactions(whole)).toBe(1)
  // The rows of the last table are the last of all that comes.
  const narrow = `CREATE FUNCTION no() RETURNS event_trigger LANGUAGE plpgsql AS $$
    BEGIN IF EXISTS (SELECT FROM pg_class WHERE relname = 't3') THEN RAISE 'not t3'; END IF; END $$;
    CREATE EVENT TRIGGER no ON ddl_command_end EXECUTE FUNCTION no();`
  const to = await databaseWith(narrow)
  await expect(restore(from, to)).rejects.toMatchObject({
    code: 'restore_failed',
    detail: expect.stringContaining('not t3') as string,
  })
  expect(await server.sql(to, "SELECT count(*) FROM pg_tables WHERE tablename LIKE 't_'")).toBe('0')
})

it('holds a list of contents of any length, and more objects than there are locks for', async () => {
  // Four mebibytes of the list are read at once.
  const from = await databaseWith(`DO $$ BEGIN
    FOR n IN 1..900 LOOP EXECUTE format('CREATE TABLE many_%s AS SELECT %s AS n', n, n); END LOOP;
    EXECUTE format('CREATE FUNCTION long() RETURNS text LANGUAGE sql AS %L',
      format('SELECT %L', repeat('x', 6000000)));
  END $$;
  CREATE INDEX late ON many_900 (n)`)
  const to = await databaseWith('')
  expect((await restore(from, to)).warnings).toEqual([])
  expect(await transactions(to)).toBeGreaterThan(1)
  const facts = `SELECT (SELECT count(*) FROM pg_tables WHERE tablename LIKE 'many_%'),
    (SELECT n FROM many_900), length(long()), to_regclass('late') IS NOT NULL`
  expect(await server.sql(to, facts)).toBe('900|900|6000000|t')
})
