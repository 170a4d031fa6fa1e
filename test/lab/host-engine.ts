import { join } from 'node:path'
import { runProgram, type ProgramResult } from '../../scripts/program.ts'
import type { HostContext } from './context.ts'
import type { Engine } from './engine.ts'
import { insideCommand } from './inside.ts'

/** The engine of a host. It listens twice: where every server has it, and where the machine reaches it. */
export function hostEngine(host: HostContext): Engine {
  const { host: registryHost, port } = host.lab.registry
  return {
    inside: (argv) => insideCommand(host, argv),
    labId: host.lab.instance.id,
    folder: host.folder,
    socket: host.socket,
    args: [
      ...['--host', 'unix:///run/docker.sock', '--group', 'docker'],
      ...['--cgroup-parent', `/${host.lab.instance.cgroup}-${host.name}`],
      ...['--registry-mirror', `http://${registryHost}:${port}`],
      ...['--insecure-registry', `${registryHost}:${port}`],
    ],
  }
}

/** Runs the docker command against a host's engine; never rejects. */
export function hostDocker(host: HostContext, args: readonly string[]): Promise<ProgramResult> {
  // Not the settings of the person at the terminal: a context of theirs would lead elsewhere.
  const env = { ...process.env, DOCKER_CONFIG: join(host.lab.instance.folder, 'docker-cli') }
  return runProgram('docker', ['-H', `unix://${host.socket}`, ...args], { env })
}
