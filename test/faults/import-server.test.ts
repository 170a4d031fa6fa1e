import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createClock } from '../../electron/adapters/clock/index.ts'
import { createSecrets } from '../../electron/adapters/keychain/index.ts'
import { secretKeys } from '../../electron/domain/ports.ts'
import { mustRun } from '../../scripts/program.ts'
import { databaseIdSchema, type DatabaseId } from '../../shared/contract/databases.ts'
import type { JobId, JobView } from '../../shared/contract/jobs.ts'
import {
  coreOnLab,
  discard,
  expectDone,
  expectNothing,
  expectWhole,
  finished,
  sqlOnLab,
  type CoreOnLab,
} from './core-on-lab.ts'
import { openHeldWay, type HeldWay } from './held-way.ts'
import { labVersion } from './lab-version.ts'
import { startSource, type SourceServer } from './source-server.ts'

// A database of a server elsewhere becomes a new one: what goes wrong on either side, always under one
// name, so that each try shows that the one before it left nothing.

const program = fileURLToPath(new URL('./killed-in-import.ts', import.meta.url))
const name = 'imported'
const rows = '80000'
/** Of the twenty million bytes that come; more of them waits than there is room for on the way. */
const middle = 1_500_000

let on: CoreOnLab
let source: SourceServer
let way: HeldWay

beforeAll(async () => {
  on = await coreOnLab()
  source = await startSource(on.lab, 25_402)
  const host = on.lab.hosts[0]?.ssh.host ?? ''
  way = await openHeldWay(on.lab.registry.host, { host, port: source.port })
  // Of noise, so that no codec makes it small.
  await source.sql(
    `CREATE EXTENSION pg_stat_statements;
    CREATE TABLE noise AS SELECT sha512(n::text::bytea) AS a, sha512((n + 0.5)::text::bytea) AS b
    FROM generate_series(1, ${rows}) AS n`,
  )
}, 120_000)
beforeEach(() => way.release())
afterAll(async () => {
  await on.lab.fault.clear()
  await way.close()
  await source.remove()
  await on.close()
}, 60_000)

interface Started {
  databaseId: DatabaseId
  jobId: JobId
}
const request = (more: { version?: string; name?: string } = {}) => ({
  hostId: on.host.id,
  engine: 'postgres',
  version: labVersion,
  name,
  ...more,
  environment: 'development' as const,
})
const url = (more: { password?: string; port?: number } = {}): string =>
  source.url({ host: on.lab.registry.host, port: way.port, ...more })
const start = (connectionString = url(), more: Parameters<typeof request>[0] = {}) =>
  on.core.transfers.importServer({ ...request(more), connectionString })

/** What a job has left anywhere; nothing must be but, for a retry, the password of one that failed. */
async function expectNothingLeft(
  { databaseId }: Pick<Started, 'databaseId'>,
  { failed } = { failed: false },
): Promise<void> {
  const tasks = await on.lab.docker('h1', ['ps', '-aq', '--filter', 'label=io.quayside.job'])
  expect(tasks.stdout.trim()).toBe('')
  const { home } = on
  expect(await readdir(join(home, 'temporary')).catch(() => [])).toEqual([])
  const secrets = createSecrets({ home, service: 'Quayside', clock: createClock() })
  const kept = await secrets.get(secretKeys.importSource(databaseId))
  expect(kept === null).toBe(!failed)
  for (const entry of await readdir(home, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) expectAbsent(await readFile(join(entry.parentPath, entry.name)), entry.name)
  }
}

/** As it is, and as a URL and base64 have it. */
function expectAbsent(text: Buffer | string, where: string): void {
  const { password } = source
  const forms = [password, encodeURIComponent(password), Buffer.from(password).toString('base64')]
  for (const form of forms) expect(text.includes(form), where).toBe(false)
}

async function expectFailed(
  started: Started,
  step: string,
  error: { code: string; field?: string },
): Promise<JobView> {
  const job = await finished(on.core, started.jobId)
  const failed = job.steps.find(({ state }) => state === 'failed')?.name
  expect({ state: job.state, failed, error: job.error }).toMatchObject({
    state: 'failed',
    failed: step,
    error,
  })
  expect(job.error?.hint).toBeTruthy()
  expectAbsent(JSON.stringify(job), 'the job')
  await expectNothing(on, started.databaseId)
  await expectNothingLeft(started, { failed: true })
  return job
}

async function expectImported(started: Started): Promise<void> {
  await expectDone(on.core, started.jobId)
  const { steps } = await on.core.jobs.get({ id: started.jobId })
  expect(steps.at(-1)?.fact).toMatch(/1 table, 80,000 rows/)
  const { databaseId } = started
  await expectWhole(on, databaseId)
  expect(await sqlOnLab(on, databaseId, 'SELECT count(*) FROM noise')).toBe(rows)
  await expectNothingLeft(started)
  await discard(on.core, databaseId, name)
}

/** Starts an import and holds it in the middle of the dump. */
async function startAndHold(): Promise<Started> {
  const held = way.holdAt(middle)
  const started = await start()
  await held
  return started
}

describe('cancelled', () => {
  test('before it has begun, or before the server has answered: nothing stays', async () => {
    on.core.work()
    const silent = way.holdAt(0)
    const started: Started[] = []
    for (const place of [1, 2, 3, 4, 5, 6]) {
      started.push(await start(url(), { name: `${name}-${place}` }))
    }
    await silent
    const states = (await on.core.jobs.list({ limit: 6 })).map(({ state }) => state)
    expect(states).toContain('waiting')
    for (const { jobId } of started.toReversed()) await on.core.jobs.cancel({ id: jobId })
    for (const each of started) {
      expect(await finished(on.core, each.jobId)).toMatchObject({ state: 'cancelled' })
      await expectNothing(on, each.databaseId)
      await expectNothingLeft(each)
    }
  }, 60_000)

  test('in the middle of the dump: likewise; meanwhile nobody on the host could read the password', async () => {
    const started = await startAndHold()
    const { stdout } = await on.lab.exec('h1', ['ps', 'axwwe', '-o', 'args'])
    expect(stdout).toContain('pg_dump')
    expectAbsent(stdout, 'processes')
    const label = ['--filter', 'label=io.quayside.job']
    const tasks = await on.lab.docker('h1', ['ps', '-q', ...label])
    const inspected = await on.lab.docker('h1', ['inspect', ...tasks.stdout.trim().split('\n')])
    expect(inspected.stdout).toContain('io.quayside.job')
    expectAbsent(inspected.stdout, 'inspect')
    await on.core.jobs.cancel({ id: started.jobId })
    expect(await finished(on.core, started.jobId)).toMatchObject({ state: 'cancelled' })
    await expectNothing(on, started.databaseId)
    await expectNothingLeft(started)
  }, 60_000)
})

describe('the server elsewhere', () => {
  test('dies in the middle of the dump: that is said; once it is back a retry succeeds, also when the link is cut', async () => {
    const started = await startAndHold()
    await source.docker('kill', source.container)
    way.release()
    const { error } = await expectFailed(started, 'dump', { code: 'backup_failed' })
    expect(error?.hint).toMatch(/ended the connection in the middle/)
    await source.docker('start', source.container)
    await expect.poll(() => source.sql('SELECT 1').catch(() => ''), { timeout: 20_000 }).toBe('1')

    const held = way.holdAt(middle)
    await on.core.jobs.retry({ id: started.jobId })
    await held
    await on.lab.fault.proxy.cut('h1')
    way.release()
    await expectImported(started)
  }, 120_000)

  test('refuses the password, or is newer than what shall take it in: nothing is made', async () => {
    const field = 'connectionString'
    const job = await expectFailed(await start(url({ password: 'wrong' })), 'look', {
      code: 'engine_failed',
      field,
    })
    expect(job.error?.message).toMatch(/refused the login of keeper/)
    await expectFailed(await start(url(), { version: '14' }), 'look', {
      code: 'invalid_input',
      field: 'version',
    })
  }, 60_000)

  test('is silent, or lies behind a wall: that is said within seconds', async () => {
    const wall = ['OUTPUT', '-p', 'tcp', '--dport', '25403', '-j', 'DROP']
    await on.lab.exec('h1', ['iptables', '-I', ...wall])
    void way.holdAt(0)
    const since = performance.now()
    const dropped = on.core.transfers.planServer({
      ...request(),
      connectionString: url({ port: 25_403 }),
    })
    const started = await start()
    await expect(dropped).rejects.toMatchObject({
      code: 'engine_not_ready',
      field: 'connectionString',
      message: `${on.lab.registry.host}:25403 does not answer.`,
    })
    await expectFailed(started, 'look', { code: 'engine_not_ready', field: 'connectionString' })
    expect(performance.now() - since).toBeLessThan(30_000)
    await on.lab.exec('h1', ['iptables', '-D', ...wall])
  }, 60_000)
})

describe('this side', () => {
  test('has no room for the dump: that is said', async () => {
    const folder = join(on.home, 'temporary')
    await mkdir(folder, { recursive: true })
    await mustRun('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder])
    try {
      await expectFailed(await start(), 'dump', { code: 'disk_full' })
    } finally {
      await mustRun('umount', [folder])
    }
  }, 120_000)

  /** Starts an import in a program of its own, which dies; then the next start. */
  async function dieAt(point: 'enqueued' | 'dump') {
    await on.stop()
    const child = spawn(process.execPath, [program, on.home, JSON.stringify(request()), point], {
      stdio: ['pipe', 'ignore', 'inherit'],
    })
    child.stdin.end(url())
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
    expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' })
    way.release()
    return on.restart()
  }

  test('is killed before the password is in the keychain: its job is there first, and says so', async () => {
    const core = await dieAt('enqueued')
    const [job] = await core.jobs.list({ limit: 1 })
    expect(job).toMatchObject({ kind: 'import-server', state: 'waiting', startedAt: null })
    if (job === undefined) throw new Error('the job is gone')
    const { id: jobId, databaseId } = job
    core.work()
    await core.jobs.retry({ id: jobId })
    expect(await finished(core, jobId)).toMatchObject({
      state: 'failed',
      error: { hint: expect.stringContaining('Import anew') as string },
    })
    await expectNothingLeft({ databaseId: databaseIdSchema.parse(databaseId) })
  }, 60_000)

  test('is killed in the middle of the dump: the next start does it anew', async () => {
    const core = await dieAt('dump')
    const [job] = await core.jobs.list({ limit: 1 })
    expect(job).toMatchObject({ kind: 'import-server', interrupted: true })
    core.work()
    if (job === undefined) throw new Error('the job is gone')
    const { id: jobId, databaseId } = job
    await expectImported({ jobId, databaseId: databaseIdSchema.parse(databaseId) })
  }, 120_000)
})
