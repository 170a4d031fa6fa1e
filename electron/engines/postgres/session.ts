import * as z from 'zod'
import type { EngineActivity, EngineSession, EngineStats, SessionLogin } from '../engine.ts'
import { connectPostgres } from './client.ts'

const statsRow = z.object({
  size: z.coerce.number(),
  connections: z.coerce.number(),
  max_connections: z.coerce.number(),
  version: z.string(),
})

/** One round trip for all numbers. */
const statsQuery = `SELECT pg_database_size(current_database()) AS size,
  (SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()) AS connections,
  current_setting('max_connections') AS max_connections,
  split_part(current_setting('server_version'), ' ', 1) AS version`

const activityRow = z.object({
  connections: z.coerce.number(),
  transactions: z.coerce.number(),
  hits: z.coerce.number(),
  misses: z.coerce.number(),
})

const activityQuery = `SELECT xact_commit + xact_rollback AS transactions, blks_hit AS hits,
  blks_read AS misses, numbackends - 1 AS connections
  FROM pg_stat_database WHERE datname = current_database()`

/** Logs in to PostgreSQL over a stream that leads to its port. */
export async function openPostgresSession(login: SessionLogin): Promise<EngineSession> {
  const { query, close } = await connectPostgres(login, {
    queryMs: login.timeoutMs,
    pinSearchPath: true,
  })
  return {
    ping: () => query('SELECT 1').then(() => undefined),
    stats: () => query(statsQuery).then(([row]) => readStats(row)),
    activity: () => query(activityQuery).then(([row]) => readActivity(row)),
    close,
  }
}

function readActivity(row: unknown): EngineActivity {
  const { connections, transactions, hits, misses } = activityRow.parse(row)
  return { connections, transactions, cacheHits: hits, cacheMisses: misses }
}

function readStats(row: unknown): EngineStats {
  const { size, connections, max_connections: max, version } = statsRow.parse(row)
  return { sizeBytes: size, connections, maxConnections: max, serverVersion: version }
}
