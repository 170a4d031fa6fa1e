import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { formatBytes } from '../../../shared/sizes.ts'
import type { CheckStep, CheckStepName, HostCheck } from '../../../shared/contract/hosts.ts'
import { toErrorData } from '../../../shared/errors.ts'
import type { Docker, HostCheckRequest, HostSuggestions } from '../../domain/ports.ts'
import { localDocker } from './local-host.ts'

/** What a check of this computer consists of; the way there needs none. */
const titles = {
  docker: 'Find Docker',
  permission: 'May you use Docker?',
  version: 'Docker version',
  resources: 'Memory and cores',
} satisfies Partial<Record<CheckStepName, string>>
type LocalStep = keyof typeof titles

/** Walks the way to Docker on this computer. */
export async function checkLocalDocker(request: HostCheckRequest): Promise<HostCheck> {
  if (request.connection.kind !== 'local')
    throw new Error('only a local connection is checked here')
  const { socketPath } = request.connection
  const docker = localDocker(socketPath)
  const steps: CheckStep[] = Object.entries(titles).map(([name, title]) => ({
    name: name as LocalStep,
    state: 'waiting',
    title,
    fact: null,
    ms: null,
    error: null,
  }))
  const result = (): HostCheck => ({
    checkId: request.checkId,
    steps: steps.map((step) => ({ ...step })),
    unknownKey: null,
    ok: steps.every((step) => step.state === 'done'),
  })

  const works = workOf(docker, socketPath, request.signal)
  for (const step of steps) {
    step.state = 'running'
    request.onProgress?.(result())
    const begun = performance.now()
    try {
      step.fact = await works[step.name as LocalStep]()
      step.state = 'done'
    } catch (thrown) {
      request.signal?.throwIfAborted()
      step.state = 'failed'
      step.error = { ...toErrorData(thrown), field: 'connection.socketPath' }
    }
    step.ms = Math.round(performance.now() - begun)
    if (step.state === 'failed') break
  }
  for (const step of steps) if (step.state === 'waiting') step.state = 'not-run'
  request.onProgress?.(result())
  return result()
}

function workOf(
  docker: Docker,
  socketPath: string,
  signal: AbortSignal | undefined,
): Record<LocalStep, () => Promise<string>> {
  const options = { signal }
  return {
    docker: async () => {
      // A socket that may not be opened is found all the same; the next step says what is amiss.
      if (!existsSync(socketPath)) await docker.version(options)
      return socketPath
    },
    permission: async () => {
      await docker.version(options)
      return 'Yes'
    },
    version: async () => {
      const { version, apiVersion } = await docker.version(options)
      return `Docker ${version}, API ${apiVersion}`
    },
    resources: async () => {
      const { memoryBytes, cpus } = await docker.info(options)
      return `${formatBytes(memoryBytes)} of memory, ${cpus} cores`
    },
  }
}

/** Docker's socket on this computer, if one answers: the system's, Docker Desktop's, a rootless one. */
export async function findLocalDocker(signal?: AbortSignal): Promise<HostSuggestions['local']> {
  for (const socketPath of likelySockets(process.env, process.platform, homedir())) {
    if (process.platform !== 'win32' && !existsSync(socketPath)) continue
    try {
      const { version } = await localDocker(socketPath).version({ signal })
      return { socketPath, dockerVersion: version }
    } catch {
      // Not running, or closed to this user: a suggestion is only made of what works.
      continue
    }
  }
  return null
}

function likelySockets(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string[] {
  if (platform === 'win32') return ['//./pipe/docker_engine']
  const named = env['DOCKER_HOST']?.replace(/^unix:\/\//, '')
  const runtime = env['XDG_RUNTIME_DIR']
  return [
    ...(named?.startsWith('/') === true ? [named] : []),
    '/var/run/docker.sock',
    join(home, '.docker', 'run', 'docker.sock'),
    ...(runtime === undefined ? [] : [join(runtime, 'docker.sock')]),
  ]
}
