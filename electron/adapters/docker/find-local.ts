import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { HostSuggestions } from '../../domain/ports.ts'
import { localDocker } from './local-host.ts'

/** A suggestion is not worth a longer wait, milliseconds. */
const patienceMs = 2_000

/** Docker's socket on this computer, if one answers: the system's, Docker Desktop's, a rootless one. */
export async function findLocalDocker(signal?: AbortSignal): Promise<HostSuggestions['local']> {
  for (const socketPath of likelySockets(process.env, process.platform, homedir())) {
    if (process.platform !== 'win32' && !existsSync(socketPath)) continue
    const patience = AbortSignal.timeout(patienceMs)
    const either = signal ? AbortSignal.any([signal, patience]) : patience
    try {
      const { version } = await localDocker(socketPath).version({ signal: either })
      return { socketPath, dockerVersion: version }
    } catch {
      // Not running, or closed to this user: a suggestion is only made of what works.
      signal?.throwIfAborted()
    }
  }
  return null
}

/** Where Docker's socket may lie, the likeliest first. */
export function likelySockets(
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
    join(home, '.orbstack', 'run', 'docker.sock'),
    join(home, '.colima', 'default', 'docker.sock'),
  ]
}
