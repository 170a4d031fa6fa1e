import { describe, expect, it } from 'vitest'
import { readContainerStats } from './container-stats.ts'

const cpu = (total: number, system?: number, online = 2) => ({
  cpu_usage: { total_usage: total },
  ...(system !== undefined && { system_cpu_usage: system, online_cpus: online }),
})
const memory = { usage: 1_000, limit: 4_000, stats: { inactive_file: 300 } }

const unknown = {
  networkReceivedBytes: null,
  networkSentBytes: null,
  diskReadBytes: null,
  diskWrittenBytes: null,
}

describe('a container’s statistics', () => {
  it('gives CPU in per cent of one core, over Docker’s own interval', () => {
    const answer = {
      cpu_stats: cpu(1_500, 20_000),
      precpu_stats: cpu(500, 18_000),
      memory_stats: memory,
    }
    expect(readContainerStats(answer, null)).toEqual({
      cpuPercent: 100,
      memoryBytes: 700,
      memoryLimitBytes: 4_000,
      traffic: unknown,
    })
  })

  it('gives CPU since the last measurement where Docker made one only', () => {
    const answer = {
      cpu_stats: cpu(1_500, 20_000),
      precpu_stats: { cpu_usage: { total_usage: 0 } },
      memory_stats: memory,
    }
    expect(readContainerStats(answer, cpu(1_400, 19_000)).cpuPercent).toBe(20)
    expect(readContainerStats(answer, null).cpuPercent).toBeNull()
  })

  it('knows nothing of a container that was started anew since', () => {
    const answer = { cpu_stats: cpu(10, 20_000), memory_stats: memory }
    expect(readContainerStats(answer, cpu(1_400, 19_000)).cpuPercent).toBeNull()
  })

  it('leaves out the page cache as cgroup v1 calls it', () => {
    const v1 = { usage: 1_000, limit: 4_000, stats: { total_inactive_file: 400, inactive_file: 1 } }
    expect(readContainerStats({ cpu_stats: cpu(1), memory_stats: v1 }, null).memoryBytes).toBe(600)
  })

  it('is unknown for a container that does not run', () => {
    expect(readContainerStats({ cpu_stats: cpu(0), memory_stats: {} }, null)).toEqual({
      cpuPercent: null,
      memoryBytes: null,
      memoryLimitBytes: null,
      traffic: unknown,
    })
  })

  it('sums traffic over interfaces and devices, whichever way Docker spells its words', () => {
    const answer = {
      cpu_stats: cpu(0),
      memory_stats: {},
      networks: { eth0: { rx_bytes: 1, tx_bytes: 2 }, eth1: { rx_bytes: 10, tx_bytes: 20 } },
      blkio_stats: {
        io_service_bytes_recursive: [
          { op: 'Read', value: 3 },
          { op: 'write', value: 4 },
          { op: 'Total', value: 7 },
        ],
      },
    }
    expect(readContainerStats(answer, null).traffic).toEqual({
      networkReceivedBytes: 11,
      networkSentBytes: 22,
      diskReadBytes: 3,
      diskWrittenBytes: 4,
    })
  })
})
