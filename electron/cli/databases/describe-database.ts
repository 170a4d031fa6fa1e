import type { DatabaseStats, DatabaseView } from '../../../shared/contract/databases.ts'
import { environmentLabels } from '../../../shared/names.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import { facts } from '../table.ts'
import { age, databaseState, span } from '../words.ts'

/** All that is known of a database, a fact a line. */
export function describeDatabase(
  database: DatabaseView,
  stats: DatabaseStats | null,
  now: number,
): string {
  return facts([
    ['Database', database.name],
    ['Host', database.hostName],
    ['Environment', environmentLabels[database.environment]],
    ['State', databaseState(database, now)],
    ['Reason', database.reason],
    ['Runs for', database.startedAt === null ? null : span(now - database.startedAt)],
    ['Engine', `${database.engine} ${stats?.serverVersion ?? database.version}`],
    ['Size', stats && formatBytes(stats.sizeBytes)],
    ['Connections', stats && `${stats.connections} of ${stats.maxConnections}`],
    ['CPU', stats && percent(stats.cpuPercent)],
    ['Memory', stats && memory(stats)],
    ['User', database.user],
    ['Port there', database.port === null ? null : String(database.port)],
    ['Container', database.containerName],
    ['Volume', database.volumeName],
    ['Image', database.image],
    ['Protected', database.protected ? 'yes' : 'no'],
    ['Created', age(database.createdAt, now)],
    ['Job', database.jobId],
    ['Id', database.id],
  ])
}

function percent(value: number | null): string | null {
  return value === null ? null : `${value.toFixed(1)} % of a core`
}

function memory(stats: DatabaseStats): string | null {
  if (stats.memoryBytes === null) return null
  const limit = stats.memoryLimitBytes
  return `${formatBytes(stats.memoryBytes)}${limit === null ? '' : ` of ${formatBytes(limit)}`}`
}
