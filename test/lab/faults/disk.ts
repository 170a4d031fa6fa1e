import type { HostContext } from '../context.ts'
import { mustRunInside } from '../inside.ts'
import { LabError } from '../lab-error.ts'

const smallestSpare = 64 * 1024

/** Fills the disk of Docker's data, to the last 64 KB or as many bytes as are to be left. */
export async function fillDisk(host: HostContext, spare = smallestSpare): Promise<void> {
  const data = `${host.folder}/data`
  const mounts = await mustRunInside(host, ['cat', '/proc/self/mounts'])
  if (!mounts.includes(` ${data} ext4 `)) {
    throw new LabError('This machine has no loop devices, so its hosts have no small disk to fill.')
  }
  const free = await mustRunInside(host, ['df', '--output=avail', '-B1', data])
  const size = Number(free.trim().split('\n').at(-1)) - spare
  if (size > 0) await mustRunInside(host, ['fallocate', '-l', String(size), fillFile(host)])
}

export async function freeDisk(host: HostContext): Promise<void> {
  await mustRunInside(host, ['rm', '-f', fillFile(host)])
}

function fillFile(host: HostContext): string {
  return `${host.folder}/data/lab-fill`
}
