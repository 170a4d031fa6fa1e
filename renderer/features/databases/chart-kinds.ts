import type { StatsSample } from '../../../shared/contract/metrics.ts'
import {
  formatBytes,
  formatBytesOf,
  formatCount,
  formatLimit,
  formatPercent,
  formatRate,
  noValue,
} from '../../lib/format.ts'
import type { ChartSeries } from '../../ui/MetricChart.tsx'

/** What one chart shows of the samples. */
export interface ChartKind {
  title: string
  series: readonly ChartSeries[]
  values(sample: StatsSample): Record<string, number | null>
  format: (value: number) => string
  /** The value now, beside the title. */
  head(sample: StatsSample): string
  /** The axis reaches at least this far. */
  top: number
  limit?: (sample: StatsSample) => { value: number; label: string } | undefined
}

const accent = 'var(--q-accent)'
const second = 'var(--q-staging)'

/** `22 %`, or a dash. */
function say(value: number | null, format: (value: number) => string): string {
  return value === null ? noValue : format(value)
}

function perSecond(value: number): string {
  return value < 9.95 ? String(Math.round(value * 10) / 10) : formatCount(Math.round(value))
}

/** Every chart of a database's page, in order. */
export const chartKinds: readonly ChartKind[] = [
  {
    title: 'CPU',
    series: [{ key: 'cpu', label: 'CPU of one core', color: accent }],
    values: ({ cpuPercent }) => ({ cpu: cpuPercent }),
    format: formatPercent,
    head: ({ cpuPercent }) => `${say(cpuPercent, formatPercent)} of one core`,
    top: 10,
  },
  {
    title: 'Memory',
    series: [{ key: 'memory', label: 'Memory', color: accent }],
    values: ({ memoryBytes }) => ({ memory: memoryBytes }),
    format: formatBytes,
    head: ({ memoryBytes: used, memoryLimitBytes: limit }) =>
      used !== null && limit !== null ? formatBytesOf(used, limit) : say(used, formatBytes),
    top: 1_000_000,
    // A limit far above is told beside the title; drawn, it would press the line flat.
    limit: ({ memoryBytes: used, memoryLimitBytes: limit }) =>
      used !== null && limit !== null && limit < used * 5
        ? { value: limit, label: `limit ${formatLimit(limit)}` }
        : undefined,
  },
  {
    title: 'Connections',
    series: [{ key: 'connections', label: 'Connections', color: accent }],
    values: ({ connections }) => ({ connections }),
    format: (value) => formatCount(Math.round(value)),
    head: ({ connections, maxConnections }) =>
      `${say(connections, formatCount)}${maxConnections === null ? '' : ` of ${formatCount(maxConnections)}`}`,
    top: 4,
    limit: ({ connections, maxConnections }) =>
      connections !== null && maxConnections !== null && maxConnections < connections * 5
        ? { value: maxConnections, label: `limit ${formatCount(maxConnections)}` }
        : undefined,
  },
  {
    title: 'Transactions',
    series: [{ key: 'transactions', label: 'Transactions per second', color: accent }],
    values: ({ transactions }) => ({ transactions }),
    format: perSecond,
    head: ({ transactions }) => `${say(transactions, perSecond)} per second`,
    top: 2,
  },
  {
    title: 'Network',
    series: [
      { key: 'received', label: 'in', color: accent },
      { key: 'sent', label: 'out', color: second },
    ],
    values: ({ networkReceived, networkSent }) => ({
      received: networkReceived,
      sent: networkSent,
    }),
    format: formatRate,
    head: ({ networkReceived, networkSent }) =>
      `${say(networkReceived, formatRate)} in, ${say(networkSent, formatRate)} out`,
    top: 1_000,
  },
  {
    title: 'Disk',
    series: [
      { key: 'read', label: 'read', color: accent },
      { key: 'written', label: 'written', color: second },
    ],
    values: ({ diskRead, diskWritten }) => ({ read: diskRead, written: diskWritten }),
    format: formatRate,
    head: ({ diskRead, diskWritten }) =>
      `${say(diskRead, formatRate)} read, ${say(diskWritten, formatRate)} written`,
    top: 1_000,
  },
  {
    title: 'Cache hits',
    series: [{ key: 'hits', label: 'Cache hits', color: accent }],
    values: ({ cacheHitPercent }) => ({ hits: cacheHitPercent }),
    format: formatPercent,
    head: ({ cacheHitPercent }) => say(cacheHitPercent, (value) => `${value.toFixed(1)} %`),
    top: 100,
  },
]
