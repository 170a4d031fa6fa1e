import type { LabContext } from '../context.ts'
import { endRegistries, ensureRegistries } from '../registry.ts'

/** No registry can be reached: pulls fail. */
export async function stopRegistry(lab: LabContext): Promise<void> {
  await endRegistries(lab)
}

export async function startRegistry(lab: LabContext): Promise<void> {
  await ensureRegistries(lab)
}
