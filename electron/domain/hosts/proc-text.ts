// Readers of what Linux tells in /proc and by df. All give null for what they can't make sense of.

/** CPU time since the boot, in ticks of all CPUs together. */
export interface CpuTimes {
  busy: number
  total: number
}

/** The first line of /proc/stat, see proc_stat(5): user nice system idle iowait irq softirq steal. */
export function readCpuTimes(line: string): CpuTimes | null {
  const [name, ...words] = line.trim().split(/\s+/)
  const ticks = words.slice(0, 8).map(Number)
  if (name !== 'cpu' || ticks.length < 4 || ticks.some((tick) => !Number.isFinite(tick)))
    return null
  const total = ticks.reduce((sum, tick) => sum + tick, 0)
  const idle = (ticks[3] ?? 0) + (ticks[4] ?? 0)
  return { busy: total - idle, total }
}

/** Percent of all CPUs between two looks; null when no time went by. */
export function busyPercent(before: CpuTimes | null, after: CpuTimes | null): number | null {
  if (before === null || after === null || after.total <= before.total) return null
  const percent = ((after.busy - before.busy) / (after.total - before.total)) * 100
  return Math.min(100, Math.max(0, percent))
}

/** /proc/loadavg. */
export function readLoad(text: string): { one: number; five: number; fifteen: number } | null {
  const found = /^(\d+\.\d+) (\d+\.\d+) (\d+\.\d+) /.exec(text)
  if (found === null) return null
  return { one: Number(found[1]), five: Number(found[2]), fifteen: Number(found[3]) }
}

/** Milliseconds since the boot, from /proc/uptime. */
export function readUptime(text: string): number | null {
  const found = /^(\d+(?:\.\d+)?)\b/.exec(text)
  return found === null ? null : Number(found[1]) * 1000
}

interface MemoryReading {
  memory: { totalBytes: number; availableBytes: number } | null
  swap: { totalBytes: number; freeBytes: number } | null
}

/** /proc/meminfo. */
export function readMemory(text: string): MemoryReading {
  const values = new Map<string, number>()
  for (const [, name = '', value] of text.matchAll(/^(\w+):\s+(\d+) kB$/gm))
    values.set(name, Number(value) * 1024)
  const total = values.get('MemTotal')
  // Kernels before 3.14 do not tell what is available.
  const available = values.get('MemAvailable') ?? sum(values, ['MemFree', 'Buffers', 'Cached'])
  const swapTotal = values.get('SwapTotal')
  const swapFree = values.get('SwapFree')
  return {
    memory:
      total === undefined || available === null
        ? null
        : { totalBytes: total, availableBytes: Math.min(total, available) },
    swap:
      swapTotal === undefined || swapFree === undefined
        ? null
        : { totalBytes: swapTotal, freeBytes: swapFree },
  }
}

function sum(values: ReadonlyMap<string, number>, names: readonly string[]): number | null {
  const found = names.map((name) => values.get(name))
  return found.reduce<number | null>(
    (all, one) => (all === null || one === undefined ? null : all + one),
    0,
  )
}

export interface DiskReading {
  mount: string
  totalBytes: number
  usedBytes: number
  freeBytes: number
}

/** The last line of `df -Pk`. */
export function readDisk(text: string): DiskReading | null {
  const line = text.trim().split('\n').at(-1) ?? ''
  const found = /\s(\d+)\s+(\d+)\s+(-?\d+)\s+(?:\d+%|-)\s+(\/.*)$/.exec(line)
  if (found === null) return null
  const [, total, used, free, mount = '/'] = found
  return {
    mount,
    totalBytes: Number(total) * 1024,
    usedBytes: Number(used) * 1024,
    // Below nothing where root has taken more than others may.
    freeBytes: Math.max(0, Number(free) * 1024),
  }
}

/** `date +%s.%N` in milliseconds; some systems have whole seconds alone, meant is then their middle. */
export function readClock(text: string): number | null {
  const found = /^(\d{9,11})(?:\.(\d+))?/.exec(text)
  if (found === null) return null
  const fraction = found[2] === undefined ? 0.5 : Number(`0.${found[2]}`)
  return (Number(found[1]) + fraction) * 1000
}
