import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLocalHost } from '../../electron/adapters/docker/index.ts'
import { createClock } from '../../electron/adapters/clock/index.ts'
import type { ContainerSpec, Docker, Host } from '../../electron/domain/ports.ts'
import type { EngineSession } from '../../electron/engines/engine.ts'
import { postgres } from '../../electron/engines/postgres/index.ts'
import { hostIdSchema } from '../../shared/contract/hosts.ts'
import { openLab } from '../lab/lab.ts'
import { freePort, freshName, localSocket } from './docker-bench.ts'

// The public image leaves the password in its environment as it starts the server; the lab's takes it
// out by itself. So the lab's entrypoint is made as forgetful as the public one, or nothing is shown.
const entrypoint = await readFile(
  new URL('../lab/images/postgres/entrypoint.sh', import.meta.url),
  'utf8',
)
const asPublic = {
  path: '/usr/local/bin/docker-entrypoint.sh',
  content: entrypoint.replaceAll(/^ *unset POSTGRES_PASSWORD$/gm, ''),
  mode: 0o755,
  secret: false,
}

const password = 'bR7mK2pQxw9LfTnVz4YcAa81'
const login = { user: 'db_user_a1b2c3', password, database: 'orders' }
const lab = await openLab()
const name = freshName('orders')
let host: Host
let docker: Docker
let spec: ContainerSpec

async function session(more: Partial<typeof login> = {}): Promise<EngineSession> {
  const stream = await host.forward(spec.publish.hostPort)
  return postgres.openSession({ stream, ...login, ...more, timeoutMs: 5_000 })
}

/** Waits for the first login; whatever comes before must say that it is too early. */
async function ready(): Promise<void> {
  const deadline = Date.now() + 60_000
  for (;;) {
    try {
      const opened = await session()
      await opened.ping()
      await opened.close()
      return
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: 'engine_not_ready' })
      if (Date.now() > deadline) throw thrown
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function run(...args: string[]): Promise<string> {
  return (await lab.docker('local', args)).stdout
}

/** The environment of the container's first process; only its own user can read it. */
async function environment(): Promise<string> {
  const said = await run('exec', '--user', 'postgres', name, 'cat', '/proc/1/environ')
  expect(said).toContain(`POSTGRES_USER=${login.user}`)
  return said
}

beforeAll(async () => {
  host = createLocalHost({
    record: {
      id: hostIdSchema.parse('0b6c4c5e-7a52-4a8e-8f5c-0d6f1d0c3a12'),
      name: 'here',
      connection: { kind: 'local', socketPath: localSocket() },
      baseDomain: null,
      dataDirectory: null,
      createdAt: 0,
    },
    clock: createClock(),
  })
  await host.ready()
  docker = host.docker()
  const server = postgres.server({ ...login, version: '15' })
  spec = {
    name,
    image: server.image,
    env: server.env,
    command: server.command,
    labels: { 'io.quayside.test': name },
    volumes: { [server.dataPath]: `${name}-data` },
    publish: { hostAddress: '127.0.0.1', hostPort: await freePort(), containerPort: server.port },
    files: [...server.files, asPublic],
    shmBytes: server.shmBytes,
    stopGraceSeconds: server.stopGraceSeconds,
  }
  await docker.ensureImage(spec.image)
})
afterAll(async () => {
  await docker.removeContainer(name)
  await docker.removeVolume(`${name}-data`)
  await host.close()
})

describe('a PostgreSQL server made by its spec', () => {
  it('accepts a login; its password is in no process’s arguments meanwhile', async () => {
    expect(asPublic.content).not.toContain('unset POSTGRES_PASSWORD')
    await docker.createContainer(spec)
    await docker.startContainer(name)
    const seen: string[] = []
    const watching = setInterval(() => {
      void run('top', name, '-eo', 'pid,args').then((processes) => seen.push(processes))
    }, 150)
    await ready().finally(() => clearInterval(watching))
    expect(seen.join('\n')).toMatch(/postgres/)
    expect(seen.join('\n')).not.toContain(password)
  })

  it('tells its numbers', async () => {
    const opened = await session()
    const other = await session()
    const stats = await opened.stats()
    await Promise.all([opened.close(), other.close()])
    expect(stats).toMatchObject({ connections: 1, maxConnections: 100 })
    expect(stats.serverVersion).toMatch(/^15\.\d+$/)
    expect(stats.sizeBytes).toBeGreaterThan(2 ** 20)
  })

  it('checks its data and asks for scram', async () => {
    const psql = ['psql', '-U', login.user, '-d', login.database, '-Atc']
    expect(await run('exec', name, ...psql, 'show data_checksums')).toBe('on\n')
    const rules = "select distinct auth_method from pg_hba_file_rules where type like 'host%'"
    expect(await run('exec', name, ...psql, rules)).toBe('scram-sha-256\n')
  })

  it('refuses a wrong password, and says so', async () => {
    await expect(session({ password: 'wrong' })).rejects.toMatchObject({
      code: 'engine_failed',
      message: 'The database refused the login.',
    })
  })

  it('shows its password nowhere, once the file is emptied', async () => {
    const emptied = spec.files
      .filter((file) => file.secret)
      .map((file) => ({ ...file, content: '' }))
    await docker.putFiles(name, emptied)
    const said = await Promise.all([
      run('inspect', name),
      environment(),
      run('exec', name, 'sh', '-c', 'cat /proc/[0-9]*/cmdline | tr "\\0" "\\n"'),
      run('logs', name),
      run('exec', name, 'sh', '-c', `cat ${emptied.map(({ path }) => path).join(' ')}; echo read`),
    ])
    for (const text of said) expect(text).not.toBe('')
    expect(said.join('\n')).not.toContain(password)
  })

  it('starts again without the password in the file', async () => {
    await docker.restartContainer(name, spec.stopGraceSeconds)
    await ready()
    expect(await environment()).not.toContain(password)
  })

  it('answers by what is handed out: the URL in a driver, the command in a shell', async () => {
    const details = {
      ...login,
      host: '127.0.0.1',
      port: spec.publish.hostPort,
      sslmode: postgres.plainSslMode,
    }
    const client = new pg.Client({ connectionString: postgres.format(details, 'url') })
    await client.connect()
    expect((await client.query('select 40 + 2 as answer')).rows).toEqual([{ answer: 42 }])
    await client.end()
    const shell = promisify(execFile)
    const command = `${postgres.format(details, 'cli')} -Atc 'select 40 + 2'`
    expect((await shell('sh', ['-c', command])).stdout).toBe('42\n')
    const keywords = postgres.format(details, 'go')
    expect((await shell('psql', [keywords, '-Atc', 'select 40 + 2'])).stdout).toBe('42\n')
  })

  it('gives a query that a cut link took the link’s error', async () => {
    const stream = await host.forward(spec.publish.hostPort)
    const opened = await postgres.openSession({ stream, ...login, timeoutMs: 5_000 })
    const cut = new Error('cut')
    const asking = opened.ping()
    stream.destroy(cut)
    await expect(asking).rejects.toMatchObject({ detail: 'cut' })
    await opened.close()
  })

  it('is not ready while it is stopped', async () => {
    await docker.stopContainer(name, spec.stopGraceSeconds)
    await expect(session()).rejects.toMatchObject({ code: 'engine_not_ready' })
    expect(await docker.inspectContainer(name)).toMatchObject({ state: 'exited', exitCode: 0 })
  })
})
