import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { inject } from 'vitest'
import { createDocker } from '../../electron/adapters/docker/index.ts'
import { createHostConnector } from '../../electron/adapters/ssh/index.ts'
import type { Bulk, Docker, Host, StreamTask } from '../../electron/domain/ports.ts'
import type { SessionLogin } from '../../electron/engines/engine.ts'
import type {
  BackupSession,
  DumpReport,
  DumpSource,
  DumpTask,
  EngineTask,
  TableRows,
  TaskCodec,
} from '../../electron/engines/engine-backup.ts'
import { postgres } from '../../electron/engines/postgres/index.ts'
import type { HostConnection } from '../../shared/contract/hosts.ts'
import { hostIdSchema } from '../../shared/contract/hosts.ts'
import { freshName } from './docker-bench.ts'
import { clock } from './ssh-connector.ts'
import { silentLog } from '../../electron/domain/silent-log.ts'

const never = (): never => {
  throw new Error('This computer’s Docker is not asked here.')
}

/** The lab's first host over SSH through its proxy, Docker and all. */
export async function openLabHost(place = 0): Promise<{ host: Host; close(): Promise<void> }> {
  const lab = inject('lab').hosts[place]
  if (lab === undefined) throw new Error('the lab has no such host')
  const home = mkdtempSync(join(tmpdir(), 'quayside-backup-'))
  const connector = createHostConnector({
    home,
    homeDir: home,
    env: {},
    clock,
    loginSecret: () => Promise.resolve({}),
    log: silentLog,
    dockerOver: (over) => createDocker({ transport: { kind: 'agent', ...over } }),
    local: { open: never, check: never, find: () => Promise.resolve(null) },
  })
  const connection: HostConnection = {
    kind: 'ssh',
    address: lab.proxy.host,
    port: lab.proxy.port,
    user: lab.ssh.user,
    login: { kind: 'key', path: lab.ssh.keyPath },
  }
  const { unknownKey } = await connector.check({ checkId: 'first', connection })
  if (unknownKey) await connector.trustHostKey(connection, unknownKey, false)
  const id = hostIdSchema.parse('6fb0f4b4-1f3a-4b1e-9b5e-0f6c6a4c7c11')
  const record = { id, name: lab.name, connection, baseDomain: null, dataDirectory: null }
  const host = connector.open({ ...record, createdAt: 0 })
  await host.ready(AbortSignal.timeout(20_000))
  return {
    host,
    close: async () => {
      await host.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

export interface Server {
  container: string
  imageId: string
  user: string
  password: string
  /** A login to a logical database of it. */
  login(database: string, user?: string, password?: string): Promise<SessionLogin>
  session(database: string): Promise<BackupSession>
  /** Runs statements as the server's owner; gives the last answer's first column. */
  sql(database: string, statements: string): Promise<string>
  source(database: string): DumpSource
  remove(): Promise<void>
}

/** A PostgreSQL server on a host, made as Quayside makes one, with the database `app`. */
export async function startServer(host: Host): Promise<Server> {
  const docker = host.docker()
  const name = freshName('bk')
  const user = 'owner_of_all'
  // All that a password file has to escape.
  const password = `${randomBytes(8).toString('hex')}:\\ "'$x`
  const spec = postgres.server({ version: '15', user, password, database: 'app' })
  const { id: imageId } = await docker.ensureImage(spec.image)
  const hostPort = 20_000 + (randomBytes(2).readUInt16BE() % 10_000)
  const { id } = await docker.createContainer({
    name,
    image: spec.image,
    env: spec.env,
    command: spec.command,
    labels: { 'io.quayside.test': name },
    volumes: { [spec.dataPath]: `${name}-data` },
    publish: { hostAddress: '127.0.0.1', hostPort, containerPort: spec.port },
    files: spec.files,
    shmBytes: spec.shmBytes,
    stopGraceSeconds: 1,
  })
  await docker.startContainer(id)

  const login: Server['login'] = async (database, as = user, by = password) => ({
    stream: await host.forward(hostPort),
    user: as,
    password: by,
    database,
    timeoutMs: 5_000,
  })
  const ready = async (): Promise<void> => {
    for (const deadline = Date.now() + 60_000; ;) {
      try {
        const session = await postgres.openSession(await login('app'))
        await session.close()
        return
      } catch (thrown) {
        if (Date.now() > deadline) throw thrown
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
  }
  await ready()
  return {
    container: id,
    imageId,
    user,
    password,
    login,
    session: async (database) => postgres.backup.openSession(await login(database)),
    source: (database) => ({
      ...postgres.backup.parseSource('host=127.0.0.1 user=nobody'),
      user,
      password,
      database,
    }),
    async sql(database, statements) {
      const argv = ['docker', 'exec', '-i', '-u', 'postgres', id, 'psql', '-XAtq', '-v']
      const words = ['ON_ERROR_STOP=1', '-U', user, '-d', database, '-f', '-']
      const { code, stdout, stderr } = await host.exec([...argv, ...words], { stdin: statements })
      if (code !== 0) throw new Error(stderr)
      return stdout.trim()
    },
    async remove() {
      await docker.removeContainer(id)
      await docker.removeVolume(`${name}-data`)
    },
  }
}

/** Starts an engine's task beside a server. */
export async function startTask(
  docker: Docker,
  server: Pick<Server, 'container' | 'imageId'>,
  task: EngineTask<unknown>,
  name = freshName('task'),
): Promise<StreamTask> {
  return await docker.startTask({
    name,
    image: server.imageId,
    command: task.command,
    labels: { 'io.quayside.test-task': name },
    network: { container: server.container },
    tmpfs: task.tmpfs,
    memoryBytes: task.memoryBytes,
    ...(task.scratch !== null && { scratch: task.scratch }),
  })
}

/** All that a stream gives; rejects where it breaks. */
export async function gather(stream: Readable): Promise<Buffer> {
  const pieces: Buffer[] = []
  await pipeline(
    stream,
    new Writable({
      write(piece: Buffer, _encoding, done) {
        pieces.push(piece)
        done()
      },
    }),
  )
  return Buffer.concat(pieces)
}

/** Runs a task to its end with this input behind its own, and gives what it reports. */
export async function runTask<Report>(
  docker: Docker,
  server: Pick<Server, 'container' | 'imageId'>,
  task: EngineTask<Report>,
  input?: Buffer,
): Promise<{ report: Report; output: Buffer }> {
  const running = await startTask(docker, server, task)
  try {
    running.stdin.write(task.input)
    if (input !== undefined) running.stdin.write(input)
    running.stdin.end()
    const output = await gather(running.stdout)
    const exitCode = await running.exit
    return { report: task.report({ exitCode, stderr: running.stderr() }), output }
  } finally {
    await running.remove()
  }
}

const unpack: Readonly<Record<TaskCodec, (output: Buffer) => Buffer>> = {
  none: (output) => output,
  gzip: gunzipSync,
  zstd: zstdDecompressSync,
}

/** Dumps one logical database of its moment, as a backup does; `plain` is what is compressed in it. */
export async function dumpOf(
  docker: Docker,
  server: Server,
  database: string,
  codec: TaskCodec,
  changed: (task: DumpTask) => DumpTask = (task) => task,
): Promise<{ report: DumpReport; output: Buffer; plain: Buffer }> {
  const session = await server.session(database)
  try {
    const task = postgres.backup.dump({
      source: server.source(database),
      nonce: randomBytes(12).toString('hex'),
      snapshot: await session.exportSnapshot(),
      codec,
    })
    const { report, output } = await runTask(docker, server, changed(task))
    return { report, output, plain: unpack[codec](output) }
  } finally {
    await session.close()
  }
}

/** Rows of each table of a database. */
export async function countsOf(server: Server, database: string): Promise<TableRows[]> {
  const session = await server.session(database)
  try {
    return await session.tables()
  } finally {
    await session.close()
  }
}

/** Makes an empty database whose name has all that a name may have. */
export async function freshDatabase(server: Server): Promise<string> {
  const name = `re"s'tored ${randomBytes(3).toString('hex')}`
  const session = await server.session('postgres')
  await session.createDatabase(name, null)
  await session.close()
  return name
}

/** A server on the lab's first host, and a connection to that for many bytes. */
export interface BackupRig {
  host: Host
  bulk: Bulk
  server: Server
  close(): Promise<void>
}

export async function openBackupRig(): Promise<BackupRig> {
  const { host, close } = await openLabHost()
  const [server, bulk] = await Promise.all([startServer(host), host.bulk()])
  return {
    host,
    bulk,
    server,
    async close() {
      await bulk.close()
      await server.remove()
      await close()
    },
  }
}
