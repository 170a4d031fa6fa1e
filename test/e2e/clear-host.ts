import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Removes every database of Quayside's from a lab host, so that the next story finds it empty. */
export async function clearHost(dockerSocket: string): Promise<void> {
  const docker = async (...args: string[]) => {
    const { stdout } = await run('docker', ['--host', `unix://${dockerSocket}`, ...args])
    return stdout.split('\n').filter((line) => line !== '')
  }
  const ours = ['--filter', 'label=io.quayside.schema']
  const containers = await docker('ps', '--all', '--quiet', ...ours)
  if (containers.length > 0) await docker('rm', '--force', ...containers)
  const volumes = await docker('volume', 'ls', '--quiet', ...ours)
  if (volumes.length > 0) await docker('volume', 'rm', ...volumes)
}
