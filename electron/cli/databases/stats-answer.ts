import type { DatabaseView } from '../../../shared/contract/databases.ts'
import type { StatsSample } from '../../../shared/contract/metrics.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import { table } from '../table.ts'
import { span } from '../words.ts'

/** A database and its numbers of now; null where there are none of now. */
export interface NumbersNow {
  database: DatabaseView
  sample: StatsSample | null
}

type StatsFact = { readonly [K in keyof StatsSample]: StatsSample[K] | null }

/** What a script gets: without numbers of now they are null, and so is their moment. */
export function statsFacts({ database, sample }: NumbersNow): object {
  const { id, name, hostName, startedAt } = database
  return { databaseId: id, name, hostName, startedAt, ...(sample ?? nothing) }
}

const nothing: StatsFact = {
  at: null,
  cpuPercent: null,
  cpus: null,
  memoryBytes: null,
  memoryLimitBytes: null,
  networkReceived: null,
  networkSent: null,
  diskRead: null,
  diskWritten: null,
  connections: null,
  maxConnections: null,
  sizeBytes: null,
  transactions: null,
  cacheHitPercent: null,
  serverVersion: null,
}

/** What a person gets: a row for each that has numbers of now; empty where none has. */
export function statsTable(all: readonly NumbersNow[], now: number): string {
  const rows = all.flatMap(({ database, sample }) =>
    sample === null ? [] : [row(database, sample, now)],
  )
  return rows.length === 0 ? '' : table(headings, rows)
}

const headings = [
  'name',
  'runs for',
  'cpu',
  'memory',
  'connections',
  'tx/s',
  'cache hits',
  'size',
  'net in/out',
  'disk read/write',
]

function row(database: DatabaseView, sample: StatsSample, now: number): string[] {
  const bytes = (value: number | null) => say(value, formatBytes)
  const rate = (value: number | null) => say(value, (one) => `${formatBytes(one)}/s`)
  return [
    `${database.name}@${database.hostName}`,
    say(database.startedAt, (at) => span(now - at)),
    say(sample.cpuPercent, percent),
    `${bytes(sample.memoryBytes)} / ${bytes(sample.memoryLimitBytes)}`,
    `${say(sample.connections, String)} / ${say(sample.maxConnections, String)}`,
    say(sample.transactions, (value) => value.toFixed(1)),
    say(sample.cacheHitPercent, percent),
    bytes(sample.sizeBytes),
    `${rate(sample.networkReceived)} ${rate(sample.networkSent)}`,
    `${rate(sample.diskRead)} ${rate(sample.diskWritten)}`,
  ]
}

function percent(value: number): string {
  return `${value.toFixed(1)} %`
}

function say(value: number | null, format: (value: number) => string): string {
  return value === null ? '–' : format(value)
}
