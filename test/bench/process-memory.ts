import { readdir, readFile } from 'node:fs/promises'

/**
 * Memory of a process and all it has started, in MB: each page that several share is counted in parts
 * (PSS), so that nothing counts twice.
 */
export async function memoryOf(root: number): Promise<number> {
  const children = new Map<number, number[]>()
  for (const name of await readdir('/proc')) {
    const pid = Number(name)
    const parent = Number.isInteger(pid) ? await parentOf(pid) : undefined
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid])
  }
  const all = [root]
  for (const pid of all) all.push(...(children.get(pid) ?? []))
  const sizes = await Promise.all(all.map(kilobytes))
  return sizes.reduce((sum, size) => sum + size, 0) / 1024
}

async function parentOf(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const parent = /^PPid:\s+(\d+)/m.exec(status)?.[1]
  return parent === undefined ? undefined : Number(parent)
}

/** None for one that has ended meanwhile. */
async function kilobytes(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
  return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0)
}
