import type { Engine } from '../../engines/engine.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { ContainerSpec, DatabaseRecord, Docker, Stores } from '../ports.ts'
import { isFolder, makeFolder, mountSource, removeFolder, folderTaken } from './data-folder.ts'
import { labelsOf } from './labels.ts'
import { findContainer, portOf } from './server.ts'

/** How many ports are tried before it is clear that something else is wrong. */
const maxPorts = 50

interface EnsureDeps {
  stores: Stores
  docker: Docker
  engine: Engine
  password: string
  /** As `ServerRequest.filling`. */
  filling?: boolean | undefined
}

/**
 * Makes sure that the database's container exists and runs, on a port that really is free: where
 * another program took it meanwhile, the next one is reserved.
 * @returns the port it is published on
 */
export async function ensureContainer(
  deps: EnsureDeps,
  record: DatabaseRecord,
  signal: AbortSignal,
): Promise<number> {
  const { stores, docker, engine } = deps
  const taken = new Set<number>()
  const existing = await findContainer(docker, record, signal)
  if (existing?.state === 'running') return portOf(record)
  // Created but never started, or cut in its first start: made again, so that port and files are right.
  if (existing !== null) await docker.removeContainer(existing.id, { signal })

  for (let port = portOf(record); taken.size < maxPorts;) {
    const { id } = await docker.createContainer(specOf(deps, { ...record, port }), { signal })
    try {
      await docker.startContainer(id, { signal })
      return port
    } catch (thrown) {
      if (!(thrown instanceof QuaysideError) || thrown.code !== 'port_taken') throw thrown
      await docker.removeContainer(id, { signal })
      taken.add(port)
      port = stores.databases.reservePort(record.id, engine.info.defaultPort, taken)
    }
  }
  throw new QuaysideError('port_taken', `No free port was found for ${record.name}.`, {
    hint: `The ${maxPorts} ports from ${engine.info.defaultPort} upward are held by other programs. Free one, then retry.`,
  })
}

/** Throws away a server that has never been ready, data and all, and begins it anew. */
export async function rebuild(
  deps: EnsureDeps,
  record: DatabaseRecord,
  signal: AbortSignal,
): Promise<void> {
  if (record.state !== 'creating')
    throw new Error('only a database that was never ready is rebuilt')
  const container = await findContainer(deps.docker, record, signal)
  if (container !== null) await deps.docker.removeContainer(container.id, { signal })
  if (!isFolder(record.volumeName)) await deps.docker.removeVolume(record.volumeName, { signal })
  else if (!(await removeFolder(deps.docker, record, signal))) throw folderTaken(record.volumeName)
  await makeData(deps, record, signal)
  await ensureContainer(deps, record, signal)
}

/** Makes what holds the database's data, its volume or its folder, unless it is there. */
export async function makeData(
  { docker, engine }: Pick<EnsureDeps, 'docker' | 'engine'>,
  record: DatabaseRecord,
  signal: AbortSignal,
): Promise<void> {
  const { version, user, database, volumeName } = record
  if (!isFolder(volumeName)) {
    await docker.ensureVolume({ name: volumeName, labels: labelsOf(record) }, { signal })
    return
  }
  const { dataPath } = engine.server({ version, user, database, password: '' })
  await makeFolder(docker, record, dataPath, signal)
}

function specOf({ engine, password, filling }: EnsureDeps, record: DatabaseRecord): ContainerSpec {
  const { version, user, database } = record
  const server = engine.server({ version, user, database, password, filling })
  return {
    name: record.containerName,
    image: server.image,
    env: server.env,
    command: server.command,
    labels: labelsOf(record),
    volumes: { [server.dataPath]: mountSource(record.volumeName) },
    publish: {
      hostAddress: '127.0.0.1',
      hostPort: portOf(record),
      containerPort: server.port,
    },
    files: server.files,
    shmBytes: server.shmBytes,
    stopGraceSeconds: server.stopGraceSeconds,
  }
}
