import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mustRun } from '../../scripts/program.ts'
import { databaseIdSchema } from '../../shared/contract/databases.ts'
import type { ImportPlan } from '../../shared/contract/transfers.ts'
import type { ErrorData } from '../../shared/errors.ts'
import { coreOnLab, discard, sqlOnLab, type CoreOnLab } from '../faults/core-on-lab.ts'
import { labVersion } from '../faults/lab-version.ts'
import { startSource, type SourceServer } from '../faults/source-server.ts'
import { createCommandLine } from './cli-process.ts'
import { freshName } from './docker-bench.ts'

// What a connection string can ask for, and what can stand in front of a server.

let on: CoreOnLab
let source: SourceServer
let folder = ''
const name = freshName('im')
const pools = new Set<ChildProcess>()

beforeAll(async () => {
  on = await coreOnLab()
  on.core.work()
  folder = await mkdtemp(join(tmpdir(), 'quayside-import-'))
  await chmod(folder, 0o755)
  source = await startSource(on.lab, 25_401)
  await source.sql('CREATE TABLE numbers AS SELECT generate_series(1, 500) AS n')
}, 120_000)
afterAll(async () => {
  for (const pool of pools) {
    pool.kill('SIGKILL')
    await once(pool, 'close')
  }
  await source.remove()
  await on.close()
  await rm(folder, { recursive: true })
}, 60_000)

const asked = (connectionString: string, version = labVersion) => ({
  hostId: on.host.id,
  engine: 'postgres',
  version,
  name,
  connectionString,
  environment: 'development' as const,
})
const plan = (url: string): Promise<ImportPlan> => on.core.transfers.planServer(asked(url))
const refused = async (url: string): Promise<ErrorData> => {
  const thrown: unknown = await plan(url).catch((error: unknown) => error)
  expect(JSON.stringify(thrown)).not.toMatch(/canary/)
  return thrown as ErrorData
}

describe('TLS', { timeout: 60_000 }, () => {
  /** An authority, and what it signs for `localhost`. */
  async function certify(authority: string, signs: boolean): Promise<void> {
    const path = (file: string) => join(folder, file)
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
    await mustRun('openssl', [
      ...['req', '-x509', ...key, '-subj', `/CN=${authority}`, '-days', '2'],
      ...['-keyout', path(`${authority}.key`), '-out', path(`${authority}.pem`)],
    ])
    if (!signs) return
    await mustRun('openssl', [
      ...['req', '-x509', ...key, '-subj', '/CN=the source', '-days', '2'],
      ...['-addext', 'subjectAltName=DNS:localhost', '-addext', 'basicConstraints=CA:FALSE'],
      ...['-CA', path(`${authority}.pem`), '-CAkey', path(`${authority}.key`)],
      ...['-keyout', path('server.key'), '-out', path('server.crt')],
    ])
    for (const file of ['server.key', 'server.crt']) {
      await source.docker('cp', path(file), `${source.container}:/tmp/${file}`)
    }
    const take = 'cd /tmp && install -o postgres -m 600 server.key server.crt "$PGDATA"'
    await source.docker('exec', source.container, 'sh', '-c', take)
    await source.sql('ALTER SYSTEM SET ssl = on')
    await source.sql('SELECT pg_reload_conf()')
  }
  const tls = (query: string, host = 'localhost') => source.url({ host, query: `?${query}` })
  const by = (authority: string) => `sslrootcert=${join(folder, authority)}.pem`

  it('a server without it is told where it is asked for, and reached where it is not', async () => {
    expect((await plan(source.url())).found).toMatch(/ in 1 table$/)
    expect(await refused(tls('sslmode=require'))).toMatchObject({
      code: 'engine_failed',
      message: expect.stringContaining('does not speak TLS') as string,
      field: 'connectionString',
    })
  })

  it('the right authority and name are let through, others are told apart', async () => {
    await certify('authority', true)
    await certify('another', false)
    await expect.poll(() => source.sql('SHOW ssl')).toBe('on')

    for (const query of [
      'sslmode=prefer',
      'sslmode=require',
      `sslmode=require&${by('authority')}`,
      `sslmode=verify-ca&${by('authority')}`,
      `sslmode=verify-full&${by('authority')}`,
    ]) {
      expect((await plan(tls(query))).found, query).toMatch(/1 table/)
    }
    expect((await plan(tls(`sslmode=verify-ca&${by('authority')}`, '127.0.0.1'))).found).toMatch(
      /1 table/,
    )
    const wrongs: [url: string, said: RegExp, hint: RegExp][] = [
      [tls(`sslmode=verify-full&${by('authority')}`, '127.0.0.1'), /for another name/, /verify-ca/],
      [tls(`sslmode=verify-full&${by('another')}`), /No known authority/, /another\.pem/],
      [tls(`sslmode=require&${by('another')}`), /No known authority/, /another\.pem/],
      [tls('sslmode=verify-full'), /No known authority/, /sslrootcert=/],
    ]
    for (const [url, said, hint] of wrongs) {
      const { code, message, hint: told } = await refused(url)
      expect({ code, message }).toMatchObject({ code: 'engine_failed' })
      expect(message).toMatch(said)
      expect(told).toMatch(hint)
    }
    expect(await refused(tls(`sslmode=verify-full&${by('nowhere')}`))).toMatchObject({
      code: 'not_found',
      field: 'connectionString',
    })
    await writeFile(join(folder, 'secrets.pem'), 'canary canary')
    expect(await refused(tls(`sslmode=verify-full&${by('secrets')}`))).toMatchObject({
      code: 'invalid_input',
      field: 'connectionString',
    })
  })

  it('the dump itself is made on the same terms', async () => {
    // From now on nobody gets in without.
    const hba = 'sed -i "s/^host all all all/hostssl all keeper all/" "$PGDATA/pg_hba.conf"'
    await source.docker('exec', source.container, 'sh', '-c', hba)
    await source.sql('SELECT pg_reload_conf()')
    expect((await refused(tls('sslmode=disable'))).message).toMatch(/does not let keeper in/)

    const url = tls(`sslmode=verify-full&${by('authority')}&options=-c%20statement_timeout%3D1min`)
    // By the command line, which is told the string where nobody else can read it.
    const quayside = await createCommandLine(on.lab.env, on.home)
    try {
      const exposed = await quayside.run('backup', 'import', url, '--as', name)
      expect(exposed.code).toBe(2)
      expect(exposed.stdout + exposed.stderr).not.toMatch(/canary/)
      const words = ['backup', 'import', '--from-url', '--secret-stdin', '--as', name, '--json']
      const done = await quayside.start([...words, '--version', labVersion], { stdin: url }).ended
      expect(done.stderr).toContain('localhost')
      expect(done.stdout + done.stderr).not.toMatch(/canary/)
      expect(done.code).toBe(0)
    } finally {
      await quayside.remove()
    }
    const made = (await on.core.databases.list({})).find((one) => one.name === name)
    const databaseId = databaseIdSchema.parse(made?.id)
    expect(await sqlOnLab(on, databaseId, 'SELECT count(*) FROM numbers')).toBe('500')
    await discard(on.core, databaseId, name)
  })
})

describe('in front of the server', { timeout: 60_000 }, () => {
  async function pooler(port: number, mode: string, poolSize = 5): Promise<string> {
    const file = join(folder, `${mode}.ini`)
    const users = join(folder, 'users.txt')
    await writeFile(users, `"keeper" "${source.password}"\n`)
    const host = on.lab.hosts[0]?.ssh.host ?? ''
    await writeFile(
      file,
      `[databases]
shop = host=${host} port=${source.port} pool_size=${poolSize}
[pgbouncer]
listen_addr = ${on.lab.registry.host}
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${users}
pool_mode = ${mode}
server_tls_sslmode = prefer
`,
    )
    const pool = spawn('pgbouncer', ['-q', '-u', 'nobody', file], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    pools.add(pool)
    await expect
      .poll(() => plan(url(port)).then(String, String), { timeout: 10_000 })
      .not.toMatch(/can’t be reached/)
    return url(port)
  }
  const url = (port: number) => source.url({ host: on.lab.registry.host, port })

  it.each([
    ['transaction', 25_411, 5],
    ['transaction', 25_412, 1],
    ['statement', 25_413, 5],
  ])('a pooler in %s mode is recognised, port %i', async (mode, port, size) => {
    await source.sql("ALTER ROLE keeper SET search_path = 'public'")
    const there = await pooler(port, mode, size)
    const error = await refused(there)
    expect(error).toMatchObject({ code: 'invalid_input', field: 'connectionString' })
    expect(error.message).toMatch(/pooler/)
    expect(error.hint).toMatch(/direct connection/)
    // What its other clients get is as it was: nothing was set on the way.
    const settings = "SELECT count(*) FROM pg_stat_activity WHERE query ~ 'set_config'"
    expect(await source.sql(settings)).toBe('1')
    const refusedOptions = await refused(`${there}?options=-c%20work_mem%3D8MB`)
    expect(refusedOptions.hint).toMatch(/direct connection/)
  })

  it('one in session mode is as good as none', async () => {
    expect((await plan(await pooler(25_414, 'session'))).found).toMatch(/1 table/)
  })
})

describe('what the login can’t do', { timeout: 60_000 }, () => {
  it('is said before anything is made', async () => {
    await source.sql(
      `REVOKE pg_read_all_data FROM keeper; GRANT SELECT ON numbers TO keeper; CREATE TABLE hidden AS SELECT 1 AS n`,
    )
    expect(await refused(source.url({ query: '?sslmode=require' }))).toMatchObject({
      code: 'engine_failed',
      message: 'keeper may not read all of that database.',
      detail: 'public.hidden',
    })
    await source.sql(
      'GRANT SELECT ON hidden TO keeper; ALTER TABLE hidden ENABLE ROW LEVEL SECURITY',
    )
    expect(await refused(source.url())).toMatchObject({ detail: 'public.hidden' })
  })
})
