import { answerEnd, containerWord, fileMark } from './cgroup-script.ts'

/** What only ever grows while a container runs, and what it has now. */
export interface Counters {
  cpuSeconds: number | null
  memoryBytes: number | null
  /** Null where it has none of its own. */
  memoryLimitBytes: number | null
  networkReceivedBytes: number | null
  networkSentBytes: number | null
  diskReadBytes: number | null
  diskWrittenBytes: number | null
}

/** One answer of the script. */
export interface Reading {
  /** The host's clock since it booted, seconds: it never jumps. */
  uptime: number
  cpus: number | null
  memoryBytes: number | null
  /** By container id, those that were found. */
  containers: ReadonlyMap<string, Counters>
}

const filesOfContainer = 6
/** Without a limit, version 1 says a number near 2^63. */
const noLimit = 2 ** 60

/** Reads an answer of the script. @throws Error where it is none */
export function parseReading(answer: string): Reading {
  const lines = answer.split('\n')
  const ids: { id: string; version: string }[] = []
  let at = 0
  for (; lines[at]?.startsWith(`${containerWord} `) === true; at += 1) {
    const [, id = '', version = ''] = lines[at]?.split(' ') ?? []
    ids.push({ id, version })
  }
  const [word, uptime, cpus, kilobytes] = lines[at]?.split(' ') ?? []
  const seconds = Number(uptime)
  if (word !== 'host' || !Number.isFinite(seconds) || !lines.includes(answerEnd, at)) {
    throw new Error('The statistics of the host are not in the expected form.')
  }
  const files = filesOf(lines.slice(at + 1, lines.indexOf(answerEnd, at)))
  const containers = new Map<string, Counters>()
  ids.forEach(({ id, version }, index) => {
    const own = files.slice(index * filesOfContainer, (index + 1) * filesOfContainer)
    const counters = version === '2' ? countersOfV2(own) : countersOfV1(own)
    // A container that ended between the look and the reading has no group any more.
    if (counters.cpuSeconds !== null || counters.memoryBytes !== null) containers.set(id, counters)
  })
  const memory = numberOf(kilobytes)
  return {
    uptime: seconds,
    cpus: numberOf(cpus),
    memoryBytes: memory === null ? null : memory * 1024,
    containers,
  }
}

/** The lines of each file. */
function filesOf(lines: readonly string[]): string[][] {
  const files: string[][] = []
  let file: string[] = []
  for (const line of lines) {
    if (line === fileMark) {
      files.push(file)
      file = []
    } else file.push(line)
  }
  return files
}

function countersOfV1([cpu, usage, limit, memory, io, network]: string[][]): Counters {
  const nanoseconds = numberOf(cpu?.[0])
  return {
    cpuSeconds: nanoseconds === null ? null : nanoseconds / 1e9,
    ...memoryOf(numberOf(usage?.[0]), valueOf(memory, 'total_inactive_file')),
    memoryLimitBytes: limitOf(numberOf(limit?.[0])),
    diskReadBytes: sumOf(io, / Read (\d+)$/),
    diskWrittenBytes: sumOf(io, / Write (\d+)$/),
    ...networkOf(network),
  }
}

function countersOfV2([cpu, usage, limit, memory, io, network]: string[][]): Counters {
  const microseconds = valueOf(cpu, 'usage_usec')
  return {
    cpuSeconds: microseconds === null ? null : microseconds / 1e6,
    ...memoryOf(numberOf(usage?.[0]), valueOf(memory, 'inactive_file')),
    memoryLimitBytes: limitOf(numberOf(limit?.[0])),
    diskReadBytes: sumOf(io, /\brbytes=(\d+)/),
    diskWrittenBytes: sumOf(io, /\bwbytes=(\d+)/),
    ...networkOf(network),
  }
}

/** The page cache that can be dropped is not counted, as with Docker's own numbers. */
function memoryOf(usage: number | null, cache: number | null): { memoryBytes: number | null } {
  return { memoryBytes: usage === null ? null : Math.max(0, usage - (cache ?? 0)) }
}

function limitOf(bytes: number | null): number | null {
  return bytes === null || bytes >= noLimit ? null : bytes
}

/** Bytes in and out over every interface but the loopback; null where the file was not there. */
function networkOf(
  lines: readonly string[] = [],
): Pick<Counters, 'networkReceivedBytes' | 'networkSentBytes'> {
  if (lines.length === 0) return { networkReceivedBytes: null, networkSentBytes: null }
  let networkReceivedBytes = 0
  let networkSentBytes = 0
  for (const line of lines) {
    const [name = '', rest = ''] = line.trim().split(/:\s*/)
    if (name === 'lo') continue
    const numbers = rest.split(/\s+/).map(Number)
    networkReceivedBytes += numbers[0] ?? 0
    networkSentBytes += numbers[8] ?? 0
  }
  return { networkReceivedBytes, networkSentBytes }
}

/** Over all devices; a container that has not used any yet has no lines. */
function sumOf(lines: readonly string[] = [], pattern: RegExp): number {
  return lines.reduce((sum, line) => sum + Number(pattern.exec(line)?.[1] ?? 0), 0)
}

function valueOf(lines: readonly string[] = [], key: string): number | null {
  return numberOf(lines.find((line) => line.startsWith(`${key} `))?.split(' ')[1])
}

function numberOf(text: string | undefined): number | null {
  if (text === undefined || !/^\d+$/.test(text)) return null
  return Number(text)
}
