import { Duplex } from 'node:stream'
import type { Engine, ServerSpec } from '../../engines/engine.ts'
import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type { JobId } from '../../../shared/contract/jobs.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { generatePassword } from '../databases/credentials.ts'
import { readyMs } from '../databases/server.ts'
import type { Bulk, Clock, ContainerDetail, Docker, PassingContainerSpec } from '../ports.ts'
import { taskLabels } from './backup-job.ts'
import { inSession, type FillServer } from './fill-database.ts'

/** A server in its usual settings is well with this; it may never take more than half of the host. */
const mostMemory = 2 ** 30
/** Bytes of a task that only passes bytes on. */
const relayMemory = 64 * 2 ** 20
/** Between two tries to log in, milliseconds. */
const pollMs = 200

/**
 * Bytes between a task's streams and a port of the loopback that it shares. It waits a while for
 * somebody to listen there, and ends when the server does. Each image of a server has bash, for its
 * entrypoint.
 */
const relay = `
tries=0
until { exec 3<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null; do
  [ $((tries += 1)) -lt 50 ] || exit 7
  sleep 0.1
done
exec 4<&0
cat <&4 >&3 &
cat <&3
kill $! 2>/dev/null
exit 0
`

/** Which server. */
interface ThrowAwaySpec {
  /** Stands on all that is made, so that it is found and taken away by it. */
  jobId: JobId
  /** The database whose backup is looked at; a label, nothing more. */
  databaseId: DatabaseId
  engine: Engine
  version: string
  user: string
  database: string
  /** As `FillServer.dataRoom`. */
  dataRoom: number
}

/**
 * A new server for as long as some work takes: without a network, with its data in a volume that goes
 * with its container, and a password that is kept nowhere. Tasks that share its loopback reach it.
 * Whoever runs this takes it away, by the job's label; also what is left where this throws.
 * @throws QuaysideError `restore_failed` where it does not come up or ends by itself, `disk_full`,
 * `docker_down` where it was ended from outside
 */
export async function withThrowAwayServer<T>(
  { bulk, clock, signal }: { bulk: Bulk; clock: Clock; signal: AbortSignal },
  spec: ThrowAwaySpec,
  work: (server: FillServer) => Promise<T>,
): Promise<T> {
  const docker = bulk.docker()
  const { engine, version, user, database } = spec
  const password = generatePassword()
  const program = engine.server({ version, user, password, database, filling: true })
  const wanted = await containerOf(docker, spec, program, signal)
  signal.throwIfAborted()
  // Not to be given up half way: what is made after all is to be there when it is taken away.
  const { id } = await docker.createContainer(wanted)
  try {
    signal.throwIfAborted()
    await docker.startContainer(id, { signal })
    const { imageId } = await inspected(docker, id, signal)
    const connect = relays(bulk, spec, { containerId: id, imageId, port: program.port })
    const server: FillServer = {
      engine,
      user,
      password,
      version,
      connect,
      imageId,
      containerId: id,
      dataRoom: spec.dataRoom,
    }
    await untilReady({ docker, clock, signal }, server, database)
    return await work(server)
  } catch (thrown) {
    signal.throwIfAborted()
    // Work beside a server that has ended fails in many ways; why it ended is the reason.
    await throwIfEnded(docker, id, signal)
    throw thrown
  }
}

async function containerOf(
  docker: Docker,
  { jobId, databaseId }: ThrowAwaySpec,
  program: ServerSpec,
  signal: AbortSignal,
): Promise<PassingContainerSpec> {
  const { memoryBytes } = await docker.info({ signal })
  const { image, env, command, files, shmBytes, stopGraceSeconds } = program
  return {
    image,
    env,
    command,
    files,
    shmBytes,
    stopGraceSeconds,
    name: `quayside-test-restore-${jobId}`,
    labels: taskLabels(jobId, databaseId),
    volumes: { [program.dataPath]: '' },
    memoryBytes: Math.min(mostMemory, Math.floor(memoryBytes / 2)),
  }
}

/** Ways to the server's port, each a task of its own that goes when its stream is closed. */
function relays(
  bulk: Bulk,
  { jobId, databaseId }: ThrowAwaySpec,
  server: { containerId: string; imageId: string; port: number },
): FillServer['connect'] {
  let made = 0
  return async (signal) => {
    made += 1
    const task = await bulk.docker().startTask(
      {
        name: `quayside-relay-${jobId}-${made}`,
        image: server.imageId,
        command: ['bash', '-c', relay, 'relay', String(server.port)],
        labels: taskLabels(jobId, databaseId),
        network: { container: server.containerId },
        tmpfs: [],
        memoryBytes: relayMemory,
      },
      { signal },
    )
    const stream = Duplex.from({ readable: task.stdout, writable: task.stdin })
    // Where that fails, it goes with all else that bears the job's label.
    stream.once('close', () => void task.remove().catch(() => undefined))
    return stream
  }
}

async function untilReady(
  { docker, clock, signal }: { docker: Docker; clock: Clock; signal: AbortSignal },
  server: FillServer,
  database: string,
): Promise<void> {
  const maintenance = server.engine.backup.maintenanceFor(database)
  // Not by the clock, which may be set meanwhile.
  const deadline = performance.now() + readyMs
  for (;;) {
    try {
      await inSession(server, maintenance, signal, (session) => session.listDatabases())
      return
    } catch (thrown) {
      signal.throwIfAborted()
      if (!(thrown instanceof QuaysideError) || thrown.code !== 'engine_not_ready') throw thrown
      await throwIfEnded(docker, server.containerId, signal)
      if (performance.now() > deadline) throw late(thrown)
    }
    await clock.sleep(pollMs, signal)
  }
}

async function throwIfEnded(docker: Docker, id: string, signal: AbortSignal): Promise<void> {
  const container = await docker.inspectContainer(id, { signal })
  if (container === null) throw endedFromOutside('it was removed')
  const { state, exitCode, oomKilled, error } = container
  if (state === 'running' || state === 'created') return
  const said = (await docker.tailLogs(id, 20, { signal })).trim()
  if (/no space left on device/i.test(said)) {
    throw new QuaysideError('disk_full', 'The disk of the host is full.', {
      hint: 'Free space there, then test again. Nothing of the throw-away server stays.',
      detail: said,
    })
  }
  // What Docker sends when it goes down, or somebody a stop.
  if (!oomKilled && (exitCode === 0 || exitCode === 137 || exitCode === 143)) {
    throw endedFromOutside(`exit code ${exitCode}`)
  }
  throw new QuaysideError(
    'restore_failed',
    oomKilled
      ? 'The throw-away server ran out of memory.'
      : `The throw-away server ended by itself (exit code ${exitCode}).`,
    {
      hint: 'Nothing of it stays. The technical cause shows its last lines.',
      detail: said || error,
    },
  )
}

async function inspected(
  docker: Docker,
  id: string,
  signal: AbortSignal,
): Promise<ContainerDetail> {
  const container = await docker.inspectContainer(id, { signal })
  if (container === null) throw endedFromOutside('it was removed')
  return container
}

function endedFromOutside(detail: string): QuaysideError {
  return new QuaysideError('docker_down', 'The throw-away server was ended from outside.', {
    hint: 'Docker was restarted there, or somebody stopped the container. Quayside tries again by itself.',
    detail,
  })
}

function late(cause: QuaysideError): QuaysideError {
  return new QuaysideError(
    'restore_failed',
    `The throw-away server did not accept connections within ${readyMs / 1000} s.`,
    { hint: 'The host may be slow or short of memory. Test again at a quiet time.', cause },
  )
}
