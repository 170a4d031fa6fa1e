import type { LabContext } from '../context.ts'
import { docker } from '../engines.ts'
import { LabError } from '../lab-error.ts'

/** Removes an image from an engine where it is there. Throws where a container uses it. */
export async function forgetImage(lab: LabContext, name: string, image: string): Promise<void> {
  const found = await docker(lab, name, ['image', 'ls', '--quiet', image])
  if (found.code === 0 && found.stdout.trim() === '') return
  const removed = await docker(lab, name, ['image', 'rm', '--force', image])
  if (removed.code !== 0) throw new LabError(`${image} stays on ${name}: ${removed.stderr}`)
}
