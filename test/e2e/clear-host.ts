import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const ours = ['--filter', 'label=io.quayside.schema'] as const

/** What of Quayside's is on a lab host: names of containers and volumes. */
export async function leftovers(dockerSocket: string): Promise<string[]> {
  const containers = await docker(dockerSocket, 'ps', '--all', '--format={{.Names}}', ...ours)
  return [...containers, ...(await docker(dockerSocket, 'volume', 'ls', '--quiet', ...ours))]
}

/** Removes every database of Quayside's from a lab host, so that the next story finds it empty. */
export async function clearHost(dockerSocket: string): Promise<void> {
  const containers = await docker(dockerSocket, 'ps', '--all', '--quiet', ...ours)
  if (containers.length > 0) await docker(dockerSocket, 'rm', '--force', ...containers)
  const volumes = await docker(dockerSocket, 'volume', 'ls', '--quiet', ...ours)
  if (volumes.length > 0) await docker(dockerSocket, 'volume', 'rm', ...volumes)
}

/** The lines that a docker command answers against a socket. */
async function docker(socket: string, ...args: readonly string[]): Promise<string[]> {
  const { stdout } = await run('docker', ['--host', `unix://${socket}`, ...args])
  return stdout.split('\n').filter((line) => line !== '')
}
