import { QuaysideError } from '../../../shared/errors.ts'
import {
  hostOf,
  recordOf,
  type DatabaseJobDeps,
  type DatabaseJobInput,
} from '../databases/database-job.ts'
import { requireContainer, waitUntilReady } from '../databases/server.ts'
import type { ContainerDetail, DatabaseRecord, Host } from '../ports.ts'

/** How often, and how far apart (milliseconds), a server is looked at that went away amid something. */
const looks = 20
const lookEveryMs = 500

/** A server of ours that a task can work beside. */
export interface ServerUp {
  host: Host
  record: DatabaseRecord
  containerId: string
  imageId: string
}

interface ServerUpOptions {
  signal: AbortSignal
  /** Starts it where it has stopped: a restore has made it, or has begun to fill it. */
  start: boolean
}

/**
 * Runs work beside a server, from the moment it accepts connections. When the work fails because the
 * server, or Docker under it, was stopped or restarted meanwhile, that is what is thrown: it passes by
 * itself, and the next try meets a server that has stopped, or waits for one that starts.
 * @throws QuaysideError `docker_down` where it was restarted, `engine_not_ready` where it does not run,
 * `engine_failed` where it does not accept connections in time
 */
export async function besideServer<T>(
  deps: DatabaseJobDeps,
  input: DatabaseJobInput,
  options: ServerUpOptions,
  work: (server: ServerUp) => Promise<T>,
): Promise<T> {
  const { signal } = options
  const record = recordOf(deps, input)
  const host = await hostOf(deps, input, signal)
  const before = await running(deps, input, host, options)
  const engine = deps.engines.get(record.engine)
  const { secrets, clock } = deps
  await waitUntilReady({ host, engine, secrets, record, clock }, signal)
  try {
    return await work({ host, record, containerId: before.id, imageId: before.imageId })
  } catch (thrown) {
    signal.throwIfAborted()
    if (!(thrown instanceof QuaysideError) || thrown.code !== 'engine_not_ready') throw thrown
    await throwIfRestarted(deps, input, before, thrown, signal)
    throw thrown
  }
}

/** @throws QuaysideError `engine_not_ready` where the container does not run, and is not to be started */
export async function running(
  deps: DatabaseJobDeps,
  input: DatabaseJobInput,
  host: Host,
  { signal, start }: ServerUpOptions,
): Promise<ContainerDetail> {
  const record = recordOf(deps, input)
  const { hostName } = input.about
  const look = (): Promise<ContainerDetail> =>
    requireContainer(host.docker(), record, hostName, signal)
  const container = await look()
  if (container.state === 'running') return container
  if (start && container.state === 'exited') {
    await host.docker().startContainer(container.id, { signal })
    return look()
  }
  throw new QuaysideError('engine_not_ready', `${record.name} does not run.`, {
    hint: `Start it, then try again. Docker itself leaves it stopped after Docker has crashed on ${hostName}.`,
  })
}

/** What a Docker that goes down says last can come before it says that it does. */
async function throwIfRestarted(
  deps: DatabaseJobDeps,
  input: DatabaseJobInput,
  before: ContainerDetail,
  cause: QuaysideError,
  signal: AbortSignal,
): Promise<void> {
  const record = recordOf(deps, input)
  const { hostName } = input.about
  for (let time = 0; time < looks; time++) {
    if (time > 0) await deps.clock.sleep(lookEveryMs, signal)
    const docker = (await hostOf(deps, input, signal)).docker()
    const { state, startedAt } = await requireContainer(docker, record, hostName, signal)
    if (state === 'running' && startedAt === before.startedAt) continue
    throw new QuaysideError('docker_down', `${record.name} was stopped or restarted meanwhile.`, {
      hint: 'Quayside tries again by itself.',
      cause,
    })
  }
}
