import type { CreateDatabaseInput, CreatePlan } from '../../../shared/contract/databases.ts'
import { hostAddress } from '../../../shared/host-address.ts'
import { publicAddress } from '../../../shared/names.ts'
import { callHost } from '../hosts/call-host.ts'
import type { DatabaseJobDeps } from './database-job.ts'
import { isFolder, mountSource } from './data-folder.ts'
import { refuseTakenNames } from './names-on-host.ts'
import { takenPorts } from './ports-in-use.ts'
import { readyMs } from './server.ts'

/** How long a plan may take, milliseconds: it is asked for while the user types. */
const planMs = 10_000

/**
 * Says exactly what a create would do on its host; does nothing.
 * @throws QuaysideError `name_taken` where the host has a container or volume of the name
 */
export async function planCreate(
  deps: DatabaseJobDeps,
  input: CreateDatabaseInput & { image: string; containerName: string; volumeName: string },
  signal?: AbortSignal,
): Promise<CreatePlan> {
  const record = deps.registry.record(input.hostId)
  const engine = deps.engines.get(input.engine)
  const spec = engine.server({ ...input, user: '', password: '', database: '' })
  const call = { id: input.hostId, withinMs: planMs, signal }
  const [taken, imagePresent] = await callHost(deps.registry, call, (host, within) =>
    Promise.all([
      takenPorts(host, within),
      host.docker().hasImage(input.image, { signal: within }),
      refuseTakenNames(host, input, within),
    ]),
  )
  for (const other of deps.stores.databases.list()) {
    if (other.hostId === input.hostId && other.port !== null) taken.add(other.port)
  }
  let port = engine.info.defaultPort
  while (taken.has(port)) port++

  return {
    containerName: input.containerName,
    volumeName: input.volumeName,
    address: publicAddress(input, record.baseDomain, hostAddress(record)),
    port,
    imagePresent,
    actions: [
      imagePresent
        ? { verb: 'use', text: `${input.image}, which is there already` }
        : { verb: 'pull', text: input.image },
      { verb: isFolder(input.volumeName) ? 'folder' : 'volume', text: input.volumeName },
      { verb: 'create', text: input.containerName },
      { verb: '', text: `-p 127.0.0.1:${port}:${spec.port}` },
      { verb: '', text: `-v ${mountSource(input.volumeName)}:${spec.dataPath}` },
      { verb: '', text: 'password: by file, never in arguments' },
      { verb: 'start', text: input.containerName },
      { verb: 'wait', text: `for a login, at most ${readyMs / 1000} s` },
    ],
  }
}
