import * as z from 'zod'
import type { ContainerStats } from '../../domain/ports.ts'

const cpuSchema = z
  .object({
    cpu_usage: z.object({ total_usage: z.number() }).loose(),
    system_cpu_usage: z.number().optional(),
    online_cpus: z.number().optional(),
  })
  .loose()

/** Docker's statistics of one container, as far as they are used. */
export const statsSchema = z
  .object({
    cpu_stats: cpuSchema,
    precpu_stats: cpuSchema,
    memory_stats: z
      .object({
        usage: z.number().optional(),
        limit: z.number().optional(),
        stats: z.record(z.string(), z.number()).optional(),
      })
      .loose(),
  })
  .loose()

/**
 * CPU in per cent of one core, and memory without the page cache, by the rules of Docker's own
 * command line (cli/command/container/stats_helpers.go in docker/cli).
 */
export function readContainerStats(answer: z.infer<typeof statsSchema>): ContainerStats {
  const { cpu_stats: cpu, precpu_stats: before, memory_stats: memory } = answer
  const used = cpu.cpu_usage.total_usage - before.cpu_usage.total_usage
  const passed = (cpu.system_cpu_usage ?? 0) - (before.system_cpu_usage ?? 0)
  const hasInterval = before.system_cpu_usage !== undefined && passed > 0
  const cache = memory.stats?.['total_inactive_file'] ?? memory.stats?.['inactive_file'] ?? 0
  return {
    cpuPercent: hasInterval ? (used / passed) * (cpu.online_cpus ?? 1) * 100 : null,
    memoryBytes: memory.usage === undefined ? null : Math.max(0, memory.usage - cache),
    memoryLimitBytes: memory.limit ?? null,
  }
}
