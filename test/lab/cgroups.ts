import { existsSync, readdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Instance } from './instance.ts'

const root = '/sys/fs/cgroup'

/** Takes the control groups away that the lab's containers leave where they end by force. */
export async function removeCgroups(instance: Instance): Promise<void> {
  for (const folder of cgroupsOf(instance)) removeTree(folder)
}

/** The topmost folders of the lab's control groups, in each hierarchy. */
export function cgroupsOf(instance: Instance): string[] {
  // Version 1 has a hierarchy for each resource, version 2 a single one.
  const hierarchies = [root, ...folders(root).map((name) => join(root, name))]
  return hierarchies.flatMap((hierarchy) =>
    folders(hierarchy)
      .filter((name) => name.startsWith(`${instance.cgroup}-`))
      .map((name) => join(hierarchy, name)),
  )
}

function removeTree(folder: string): void {
  for (const name of folders(folder)) removeTree(join(folder, name))
  try {
    rmdirSync(folder)
  } catch (error) {
    // It is gone, or a process in it has not ended yet: the next `down` finds it again.
    if (existsSync(folder)) process.emitWarning(String(error))
  }
}

function folders(path: string): string[] {
  if (!existsSync(path)) return []
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
}
