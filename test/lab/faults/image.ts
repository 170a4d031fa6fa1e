import type { HostContext } from '../context.ts'
import { docker } from '../engines.ts'
import { LabError } from '../lab-error.ts'

/** Removes an image from a host where it is there. Throws where a container uses it. */
export async function forgetImage(host: HostContext, image: string): Promise<void> {
  const found = await docker(host.lab, host.name, ['image', 'ls', '--quiet', image])
  if (found.code === 0 && found.stdout.trim() === '') return
  const removed = await docker(host.lab, host.name, ['image', 'rm', '--force', image])
  if (removed.code !== 0) throw new LabError(`${image} stays on ${host.name}: ${removed.stderr}`)
}
