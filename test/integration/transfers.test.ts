import { mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import type { JobId } from '../../shared/contract/jobs.ts'
import {
  coreOnLab,
  create,
  discard,
  expectDone,
  expectNothing,
  finished,
  onHost,
  sqlOnLab,
  type CoreOnLab,
} from '../faults/core-on-lab.ts'
import { labVersion } from '../faults/lab-version.ts'
import { freshName } from './docker-bench.ts'

describe('one database to a file, and a file to a database', { timeout: 120_000 }, () => {
  const name = freshName('tr')
  const made: { id: DatabaseId; name: string }[] = []
  let on: CoreOnLab
  let folder = ''
  let sourceId: DatabaseId

  const sql = (id: DatabaseId, statements: string): Promise<string> => sqlOnLab(on, id, statements)
  const importAs = async (
    as: string,
    path: string,
  ): Promise<{ databaseId: DatabaseId; jobId: JobId }> => {
    const started = await on.core.transfers.importFile({
      path,
      hostId: on.host.id,
      engine: 'postgres',
      version: labVersion,
      name: as,
      environment: 'development',
    })
    made.push({ id: started.databaseId, name: as })
    return started
  }

  beforeAll(async () => {
    on = await coreOnLab()
    on.core.work()
    folder = await mkdtemp(join(tmpdir(), 'quayside transfers '))
    const { id, jobId } = await create(on, name)
    sourceId = id
    made.push({ id, name })
    await expectDone(on.core, jobId)
    await sql(
      id,
      'CREATE ROLE keeper; CREATE TABLE numbers AS SELECT generate_series(1, 5000) AS n; ALTER TABLE numbers OWNER TO keeper',
    )
  }, 120_000)
  afterAll(async () => {
    const there = new Set((await on.core.databases.list({})).map(({ id }) => id))
    for (const each of made) if (there.has(each.id)) await discard(on.core, each.id, each.name)
    await on.close()
    await rm(folder, { recursive: true, force: true })
  }, 120_000)

  it('whole, under a name that was free, and back', async () => {
    const path = join(folder, 'the shop.dump.zst')
    const { jobId } = await on.core.transfers.exportFile({ databaseId: sourceId, path })
    await expectDone(on.core, jobId)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(folder)).toEqual(['the shop.dump.zst'])
    await expect(
      on.core.transfers.exportFile({ databaseId: sourceId, path }),
    ).rejects.toMatchObject({ code: 'name_taken' })

    const back = await importAs(`${name}-back`, path)
    await expectDone(on.core, back.jobId)
    expect(await sql(back.databaseId, 'SELECT count(*) FROM numbers')).toBe('5000')
    const owner = "SELECT tableowner FROM pg_tables WHERE tablename = 'numbers'"
    const role = await sql(back.databaseId, owner)
    expect(role).toMatch(/^imported_/)
    const { steps } = await on.core.jobs.get({ id: back.jobId })
    expect(steps.at(-1)?.fact).toContain(`it belongs to “${role}”`)

    await truncate(path, 300)
    const cut = await importAs(`${name}-cut`, path)
    const failed = await finished(on.core, cut.jobId)
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'backup_damaged' } })
    expect(failed.steps.find((step) => step.state === 'failed')?.name).toBe('open')
    await expectNothing(on, cut.databaseId)
  })

  it('statements too, which can do nothing outside of it', async () => {
    const path = join(folder, 'words.sql.gz')
    await writeFile(path, gzipSync('CREATE TABLE words (w text); INSERT INTO words VALUES (1);\n'))
    const { databaseId, jobId } = await importAs(`${name}-words`, path)
    await expectDone(on.core, jobId)
    expect(await sql(databaseId, 'SELECT w FROM words')).toBe('1')

    const evil = join(folder, 'evil.sql')
    await writeFile(evil, "CREATE TABLE t (a text); COPY t FROM PROGRAM 'id';\n")
    const refused = await importAs(`${name}-evil`, evil)
    const failed = await finished(on.core, refused.jobId)
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'restore_failed' } })
    await expectNothing(on, refused.databaseId)

    const binary = join(folder, 'picture.dump')
    await writeFile(binary, Buffer.alloc(600))
    const other = await importAs(`${name}-binary`, binary)
    const unknown = await finished(on.core, other.jobId)
    expect(unknown).toMatchObject({ state: 'failed', error: { code: 'invalid_input' } })
  })

  it('what a file brings along never runs as a superuser, whoever looks at it', async () => {
    const path = join(folder, 'trap.sql')
    await writeFile(path, hostile)
    const { databaseId, jobId } = await importAs(`${name}-trap`, path)
    await expectDone(on.core, jobId)
    await on.core.databases.stats({ id: databaseId })
    await sql(databaseId, 'ALTER SYSTEM SET autovacuum_naptime = 1')
    await sql(databaseId, 'SELECT pg_reload_conf()')
    // As a program that logs in by the role that owns it; what a superuser writes runs as a superuser.
    const owner = await sql(databaseId, "SELECT tableowner FROM pg_tables WHERE tablename = 'trap'")
    await sql(databaseId, `SET SESSION AUTHORIZATION ${owner}; INSERT INTO public.trap SELECT 5`)
    const visits = "SELECT autoanalyze_count > 0 FROM pg_stat_user_tables WHERE relname = 'trap'"
    await expect.poll(() => sql(databaseId, visits), { timeout: 20_000 }).toBe('t')
    const seen = await sql(databaseId, 'SELECT DISTINCT who, super FROM seen')
    expect(seen).toMatch(/^imported_[0-9a-f]{12}\|f$/)
    const container = (await onHost(on.lab, databaseId)).containers[0] ?? ''
    expect((await on.lab.docker('h1', ['exec', container, 'ls', '/tmp'])).stdout).not.toContain(
      'grabbed',
    )
  })
})

/** Runs what it can wherever the server runs what belongs to a table, or plans a query of it. */
const hostile = `CREATE TABLE seen (who text, super boolean);
  CREATE FUNCTION grab() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO public.seen SELECT rolname, rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user;
    BEGIN COPY (SELECT 1) TO PROGRAM 'touch /tmp/grabbed'; EXCEPTION WHEN OTHERS THEN NULL; END;
    RETURN true;
  EXCEPTION WHEN OTHERS THEN RETURN true; END $$;
  CREATE FUNCTION bait(n int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS
    $$ BEGIN RETURN public.grab(); END $$;
  CREATE TABLE trap (n int) WITH (autovacuum_analyze_threshold = 0, autovacuum_analyze_scale_factor = 0);
  INSERT INTO trap SELECT generate_series(1, 3);
  CREATE INDEX ON trap (bait(n));
  CREATE INDEX ON trap (n) WHERE bait(1);
  CREATE SCHEMA evil;
  CREATE FUNCTION evil.current_setting(text) RETURNS text LANGUAGE sql AS
    $$ SELECT public.grab(); SELECT pg_catalog.current_setting($1) $$;
  DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = evil, pg_catalog, public',
    current_database()); END $$;`
