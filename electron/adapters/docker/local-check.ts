import { statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import type { CheckStep, CheckStepName, HostCheck } from '../../../shared/contract/hosts.ts'
import { QuaysideError, toErrorData } from '../../../shared/errors.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import type { Docker, HostCheckRequest } from '../../domain/ports.ts'
import { dockerMissing } from './docker-error.ts'
import { localDocker } from './local-host.ts'

/** What a check of this computer consists of; the way there needs none. */
const titles = {
  docker: 'Find Docker',
  permission: 'May you use Docker?',
  version: 'Docker version',
  disk: 'Disk, memory and cores',
} satisfies Partial<Record<CheckStepName, string>>
type LocalStep = keyof typeof titles
const names: readonly LocalStep[] = ['docker', 'permission', 'version', 'disk']

/** Walks the way to Docker on this computer. */
export async function checkLocalDocker(request: HostCheckRequest): Promise<HostCheck> {
  const { connection, signal, checkId } = request
  if (connection.kind !== 'local') throw new Error('only a local connection is checked here')
  const works = workOf(localDocker(connection.socketPath), connection.socketPath, signal)
  const steps = names.map((name) => ({ name, step: waiting(name) }))
  const result = (): HostCheck => ({
    checkId,
    steps: steps.map(({ step }) => ({ ...step })),
    unknownKey: null,
    ok: steps.every(({ step }) => step.state === 'done'),
  })

  for (const { name, step } of steps) {
    if (steps.some((earlier) => earlier.step.state === 'failed')) {
      step.state = 'not-run'
      continue
    }
    step.state = 'running'
    request.onProgress?.(result())
    const begun = performance.now()
    try {
      step.fact = await works[name]()
      step.state = 'done'
    } catch (thrown) {
      signal?.throwIfAborted()
      step.state = 'failed'
      step.error = { ...toErrorData(thrown), field: 'connection.socketPath' }
    }
    step.ms = Math.round(performance.now() - begun)
  }
  request.onProgress?.(result())
  return result()
}

function waiting(name: LocalStep): CheckStep {
  return { name, state: 'waiting', title: titles[name], fact: null, ms: null, error: null }
}

function workOf(
  docker: Docker,
  socketPath: string,
  signal: AbortSignal | undefined,
): Record<LocalStep, () => Promise<string>> {
  const options = { signal }
  /** Whether Docker answers; errors that belong to a later step are left to it. */
  const answers = async (...later: QuaysideError['code'][]): Promise<void> => {
    try {
      await docker.version(options)
    } catch (thrown) {
      if (!(thrown instanceof QuaysideError) || !later.includes(thrown.code)) throw thrown
    }
  }
  return {
    docker: async () => {
      mustBeSocket(socketPath)
      await answers('docker_denied', 'docker_too_old')
      return socketPath
    },
    permission: async () => {
      await answers('docker_too_old')
      return 'Yes'
    },
    version: async () => {
      const { version, apiVersion } = await docker.version(options)
      return `Docker ${version}, API ${apiVersion}`
    },
    disk: async () => {
      const { memoryBytes, cpus, dataRoot } = await docker.info(options)
      const free = await freeSpace(dataRoot)
      const rest = `${formatBytes(memoryBytes)} of memory, ${cpus} ${cpus === 1 ? 'core' : 'cores'}`
      return free === null ? rest : `${formatBytes(free)} free, ${rest}`
    },
  }
}

/** Bytes under Docker's data folder; null where Docker keeps it in a machine of its own. */
async function freeSpace(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch {
    return null
  }
}

/** To a connection a file that is no socket looks like a Docker that is not running. */
function mustBeSocket(path: string): void {
  if (process.platform === 'win32') return
  try {
    if (statSync(path).isSocket()) return
  } catch {
    // What can't be looked at is tried: the connection's error says more.
    return
  }
  throw dockerMissing(`${path} is not a socket`)
}
