import type Dockerode from 'dockerode'
import * as z from 'zod'
import type { ContainerStats, ContainerTraffic } from '../../domain/ports.ts'
import { abortable } from './call.ts'

const cpuSchema = z
  .object({
    cpu_usage: z
      .object({ total_usage: z.number(), percpu_usage: z.array(z.number()).nullish() })
      .loose(),
    system_cpu_usage: z.number().optional(),
    online_cpus: z.number().optional(),
  })
  .loose()
type Cpu = z.infer<typeof cpuSchema>

/** Docker's statistics of one container, as far as they are used. */
export const statsSchema = z
  .object({
    cpu_stats: cpuSchema,
    precpu_stats: cpuSchema.optional(),
    memory_stats: z
      .object({
        usage: z.number().optional(),
        limit: z.number().optional(),
        stats: z.record(z.string(), z.number()).optional(),
      })
      .loose(),
    networks: z
      .record(z.string(), z.object({ rx_bytes: z.number(), tx_bytes: z.number() }).loose())
      .nullish(),
    blkio_stats: z
      .object({
        io_service_bytes_recursive: z
          .array(z.object({ op: z.string(), value: z.number() }).loose())
          .nullish(),
      })
      .loose()
      .optional(),
  })
  .loose()

/** An older measurement than this says too little of now, milliseconds. */
const freshMs = 120_000
/** As many containers are remembered. */
const mostRemembered = 1_000

/**
 * Reads containers' statistics. CPU needs two measurements. Docker takes up to two seconds for them,
 * which is right for a single question; who asks again is told of the time since the last one, and
 * waits for one measurement only (at most a second; newer engines make it at once).
 */
export function createStatsReader(docker: Dockerode): {
  read(id: string, signal: AbortSignal): Promise<ContainerStats>
} {
  const remembered = new Map<string, { cpu: Cpu; at: number }>()

  const remember = (id: string, cpu: Cpu): void => {
    remembered.delete(id)
    remembered.set(id, { cpu, at: performance.now() })
    const [oldest] = remembered.keys()
    if (remembered.size > mostRemembered && oldest !== undefined) remembered.delete(oldest)
  }

  return {
    read: async (id, signal) => {
      const last = remembered.get(id)
      const before = last !== undefined && performance.now() - last.at < freshMs ? last.cpu : null
      const options = { stream: false as const, ...(before !== null && { 'one-shot': true }) }
      const answer = await docker.getContainer(id).stats(abortable(options, signal))
      const stats = statsSchema.parse(answer)
      remember(id, stats.cpu_stats)
      return readContainerStats(stats, before)
    },
  }
}

/**
 * CPU in per cent of one core, and memory without the page cache, by the rules of Docker's own
 * command line (cli/command/container/stats_helpers.go in docker/cli).
 * @param before the last measurement, where there is one
 */
export function readContainerStats(
  stats: z.infer<typeof statsSchema>,
  before: Cpu | null,
): ContainerStats {
  const { cpu_stats: cpu, precpu_stats: docker, memory_stats: memory } = stats
  return {
    // Its own interval where Docker measured one: an engine that knows no "one-shot" does.
    cpuPercent: cpuBetween(docker ?? null, cpu) ?? cpuBetween(before, cpu),
    memoryBytes: memoryOf(memory),
    memoryLimitBytes: memory.limit ?? null,
    traffic: trafficOf(stats),
  }
}

function trafficOf({ networks, blkio_stats }: z.infer<typeof statsSchema>): ContainerTraffic {
  const interfaces = networks === null || networks === undefined ? null : Object.values(networks)
  const devices = blkio_stats?.io_service_bytes_recursive ?? null
  const sum = <T>(all: readonly T[] | null, value: (one: T) => number): number | null =>
    all === null ? null : all.reduce((total, one) => total + value(one), 0)
  // The word is "Read" with version 1 of control groups and "read" with version 2.
  const moved = (word: string) =>
    sum(devices, ({ op, value }) => (op.toLowerCase() === word ? value : 0))
  return {
    networkReceivedBytes: sum(interfaces, (one) => one.rx_bytes),
    networkSentBytes: sum(interfaces, (one) => one.tx_bytes),
    diskReadBytes: moved('read'),
    diskWrittenBytes: moved('write'),
  }
}

/** Null where there was no earlier measurement, or the container was started anew since. */
function cpuBetween(before: Cpu | null, after: Cpu): number | null {
  if (before?.system_cpu_usage === undefined || after.system_cpu_usage === undefined) return null
  const used = after.cpu_usage.total_usage - before.cpu_usage.total_usage
  const passed = after.system_cpu_usage - before.system_cpu_usage
  if (passed <= 0 || used < 0) return null
  const cores = after.online_cpus ?? after.cpu_usage.percpu_usage?.length ?? 1
  return (used / passed) * cores * 100
}

/** With cgroup v1 the inactive part of the cache has another name than with v2. */
function memoryOf({ usage, stats }: z.infer<typeof statsSchema>['memory_stats']): number | null {
  if (usage === undefined) return null
  const cache = stats?.['total_inactive_file'] ?? stats?.['inactive_file'] ?? 0
  return cache < usage ? usage - cache : usage
}
