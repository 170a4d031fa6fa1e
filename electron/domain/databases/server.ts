import type { Engine, EngineSession, SessionLogin } from '../../engines/engine.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import {
  secretKeys,
  type Clock,
  type ContainerDetail,
  type DatabaseRecord,
  type Docker,
  type Host,
  type Secrets,
} from '../ports.ts'
import { belongsTo } from './labels.ts'

/** Between two tries to log in to a server that is starting, milliseconds. */
const pollMs = 60
/** A look at the container every so many failed logins. */
const looksEvery = 12
/** How long one login may take, milliseconds. */
export const loginMs = 10_000
/** How long a server may take to accept connections, milliseconds. */
export const readyMs = 120_000

/**
 * The container of this very database, by name and label. Another program's container of the same
 * name is an error: it is never touched.
 */
export async function findContainer(
  docker: Docker,
  record: DatabaseRecord,
  signal: AbortSignal,
): Promise<ContainerDetail | null> {
  const container = await docker.inspectContainer(record.containerName, { signal })
  if (container === null) return null
  if (!belongsTo(container.labels, record)) {
    throw new QuaysideError('name_taken', `The container ${record.containerName} is another's.`, {
      hint: 'A container of that name was not made for this database. Rename or remove it, then retry.',
      field: 'name',
    })
  }
  return container
}

/** As `findContainer`, for a database that must have one. */
export async function requireContainer(
  docker: Docker,
  record: DatabaseRecord,
  hostName: string,
  signal: AbortSignal,
): Promise<ContainerDetail> {
  const container = await findContainer(docker, record, signal)
  if (container !== null) return container
  throw new QuaysideError(
    'container_missing',
    `The container ${record.containerName} is gone from ${hostName}.`,
    {
      hint: `It was removed outside Quayside. Its data may still lie in ${record.volumeName}.`,
    },
  )
}

export interface OpenSessionDeps {
  host: Host
  engine: Engine
  secrets: Secrets
  record: DatabaseRecord
}

/** Logs in to a database through its host. The caller closes the session. */
export async function openSession(
  { host, engine, secrets, record }: OpenSessionDeps,
  signal: AbortSignal,
): Promise<EngineSession> {
  const login = await loginOf(secrets, record)
  const stream = await host.forward(portOf(record), signal)
  try {
    return await engine.openSession({ ...login, stream, timeoutMs: loginMs })
  } catch (thrown) {
    stream.destroy()
    throw thrown
  }
}

/** Who logs in to a database, by the password from the keychain. */
export async function loginOf(
  secrets: Secrets,
  record: DatabaseRecord,
): Promise<Required<Pick<SessionLogin, 'user' | 'password' | 'database' | 'version'>>> {
  const { user, database, version } = record
  return { user, password: await passwordOf(secrets, record), database, version }
}

/** The reserved port; a database that has none yet can't be reached. */
export function portOf(record: DatabaseRecord): number {
  if (record.port !== null) return record.port
  throw new QuaysideError('engine_not_ready', `${record.name} has no port yet.`, {
    hint: 'It is still being created. Try again when it is done.',
  })
}

/** How long this server may take to shut down cleanly, seconds. */
export function graceOf(engine: Engine, { version, user, database }: DatabaseRecord): number {
  return engine.server({ version, user, database, password: '' }).stopGraceSeconds
}

/** The password from the keychain. */
export async function passwordOf(secrets: Secrets, record: DatabaseRecord): Promise<string> {
  const password = await secrets.get(secretKeys.databasePassword(record.id))
  if (password !== null) return password
  throw new QuaysideError('not_found', `The password of ${record.name} is not in the keychain.`, {
    hint: 'It was made on another computer, or removed from the keychain of this one.',
  })
}

/**
 * Waits until a real login and a real query work.
 * @throws QuaysideError `engine_failed` when the container stopped or the login is refused for good,
 * `engine_not_ready` when the time is up.
 */
export async function waitUntilReady(
  deps: OpenSessionDeps & { clock: Clock },
  signal: AbortSignal,
): Promise<void> {
  const { clock, host, record } = deps
  // Not by the clock, which may be set meanwhile.
  const deadline = performance.now() + readyMs
  for (let tries = 1; ; tries++) {
    try {
      const session = await openSession(deps, signal)
      try {
        await session.ping()
      } finally {
        await session.close()
      }
      return
    } catch (thrown) {
      signal.throwIfAborted()
      if (!(thrown instanceof QuaysideError) || thrown.code !== 'engine_not_ready') throw thrown
      if (tries % looksEvery === 0) await failIfStopped(host.docker(), record, signal)
      if (performance.now() > deadline) throw await notReady(host.docker(), record, thrown, signal)
    }
    await clock.sleep(pollMs, signal)
  }
}

async function failIfStopped(
  docker: Docker,
  record: DatabaseRecord,
  signal: AbortSignal,
): Promise<void> {
  const container = await findContainer(docker, record, signal)
  if (container === null || container.state === 'running' || container.state === 'created') return
  const logs = await docker.tailLogs(container.id, 20, { signal })
  const full = /no space left on device/i.test(logs)
  throw new QuaysideError(
    full ? 'disk_full' : 'engine_failed',
    full
      ? `The disk of the host is full; ${record.name} could not start.`
      : `${record.name} stopped while it was starting (exit code ${container.exitCode}).`,
    {
      hint: full
        ? 'Free space on the host, then retry.'
        : 'The technical cause shows its last lines. Retry once that is mended.',
      detail: logs.trim() || container.error,
    },
  )
}

async function notReady(
  docker: Docker,
  record: DatabaseRecord,
  cause: QuaysideError,
  signal: AbortSignal,
): Promise<QuaysideError> {
  const logs = await docker.tailLogs(record.containerName, 20, { signal })
  return new QuaysideError(
    'engine_failed',
    `${record.name} did not accept connections within ${readyMs / 1000} s.`,
    {
      hint: 'The host may be slow or short of memory. Look at the technical cause, then retry.',
      detail: `${cause.detail ?? cause.message}\n${logs.trim()}`.trim(),
    },
  )
}
