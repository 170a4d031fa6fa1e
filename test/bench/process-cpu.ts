import { readdir, readFile, readlink } from 'node:fs/promises'

/** A process as it is now. */
export interface ProcessNow {
  readonly pid: number
  readonly parent: number
  /** The name of its program, at most 15 characters. */
  readonly name: string
  /** Of the processor, user and system, its own and of children that have ended; seconds. */
  readonly seconds: number
}

/** Linux tells them to programs in hundredths of a second, whatever it counts in itself. */
const ticks = 100

/** Every process of the machine. */
export async function readProcesses(): Promise<ProcessNow[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const all = await Promise.all(pids.map(readProcess))
  return all.filter((one) => one !== null)
}

/** Null for one that has ended meanwhile. */
async function readProcess(pid: string): Promise<ProcessNow | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The name stands in brackets and may hold any character, brackets among them.
  const [, name, rest] = /^\d+ \((.*)\) (.*)$/s.exec(text) ?? []
  if (name === undefined || rest === undefined) return null
  const [, parent = 0, ...fields] = rest.split(' ').map(Number)
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(9, 13)
  const own = fields[15] === 1 ? await exactSeconds(pid) : null
  const seconds = (own ?? (user + system) / ticks) + (childrenUser + childrenSystem) / ticks
  return { pid: Number(pid), parent, name, seconds }
}

/** Of a process of one thread, to the nanosecond: many of them use less than a tick in a minute. */
async function exactSeconds(pid: string): Promise<number | null> {
  const text = await readFile(`/proc/${pid}/schedstat`, 'utf8').catch(() => '')
  const nanoseconds = /^(\d+) /.exec(text)?.[1]
  return nanoseconds === undefined ? null : Number(nanoseconds) / 1e9
}

/** These processes and all they have started. */
export function withChildren(
  all: readonly ProcessNow[],
  roots: ReadonlySet<number>,
): readonly ProcessNow[] {
  const children = new Map<number, number[]>()
  for (const { pid, parent } of all) children.set(parent, [...(children.get(parent) ?? []), pid])
  const known = new Set(all.flatMap(({ pid }) => (roots.has(pid) ? [pid] : [])))
  // What is added meanwhile is walked through too.
  for (const pid of known) for (const child of children.get(pid) ?? []) known.add(child)
  return all.filter(({ pid }) => known.has(pid))
}

/** The processes in a network of their own, as `readlink /proc/self/ns/net` names it there. */
export async function processesOfNetwork(network: string): Promise<Set<number>> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const own = await Promise.all(
    pids.map(async (pid) => (await readlink(`/proc/${pid}/ns/net`).catch(() => '')) === network),
  )
  return new Set(pids.filter((_, index) => own[index]).map(Number))
}
