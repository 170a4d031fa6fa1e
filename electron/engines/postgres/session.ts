import type { Duplex } from 'node:stream'
import pg from 'pg'
import * as z from 'zod'
import { QuaysideError } from '../../../shared/errors.ts'
import type { EngineActivity, EngineSession, EngineStats, SessionLogin } from '../engine.ts'
import { asSocket } from './stream-socket.ts'

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

/** How long a goodbye may take before the stream is just closed, milliseconds. */
const goodbyeMs = 500

/** Logs in to PostgreSQL over a stream that leads to its port. */
export async function openPostgresSession(login: SessionLogin): Promise<EngineSession> {
  const { stream, user, password, database, timeoutMs } = login
  const broken = firstError(stream)
  // pg would wait for words that can't come any more.
  if (stream.destroyed) throw postgresError(stream.errored ?? new Error('the stream is closed'))
  const client = new pg.Client({
    user,
    password,
    database,
    ssl: false,
    application_name: 'quayside',
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    stream: () => asSocket(stream),
  })
  // For life: an error between two queries would otherwise end the program.
  client.on('error', () => undefined)

  const translated = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (thrown) {
      throw postgresError(broken() ?? thrown)
    }
  }

  await translated(client.connect())
  return {
    ping: () => translated(client.query('SELECT 1').then(() => undefined)),
    stats: () => translated(client.query(statsQuery).then((result) => readStats(result.rows[0]))),
    activity: () =>
      translated(client.query(activityQuery).then((result) => readActivity(result.rows[0]))),
    close: async () => {
      const goodbye = client.end().catch(() => undefined)
      let timer: NodeJS.Timeout | undefined
      const late = new Promise((resolve) => (timer = setTimeout(resolve, goodbyeMs)))
      await Promise.race([goodbye, late])
      clearTimeout(timer)
      stream.destroy()
    },
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

/** The error a stream died of; the driver only says that the connection was closed. */
function firstError(stream: Duplex): () => Error | null {
  let first: Error | null = null
  stream.on('error', (error) => (first ??= error))
  return () => first
}

const thrownSchema = z.object({ code: z.string().optional().catch(undefined), message: z.string() })

/** The server is there but not yet, or no longer, to be talked to (SQLSTATE class 57P). */
const notYet: ReadonlySet<string> = new Set(['57P01', '57P02', '57P03', '53300'])
/** The connection was closed before anything was said: nothing listens there yet. */
const closedEarly = /terminated|ECONNRESET|EPIPE|ECONNREFUSED|ended|closed|timeout|aborted/i

function postgresError(thrown: unknown): unknown {
  if (thrown instanceof QuaysideError) return thrown
  const known = thrownSchema.safeParse(thrown)
  if (!known.success) return thrown
  const { code, message } = known.data
  const detail = code === undefined ? message : `${code}: ${message}`
  if (code !== undefined ? notYet.has(code) || /^E[A-Z]+$/.test(code) : closedEarly.test(message)) {
    return new QuaysideError('engine_not_ready', 'The database does not accept connections yet.', {
      hint: 'It is starting or stopping. Try again in a moment.',
      detail,
    })
  }
  const refused = code === '28P01' || code === '28000'
  return new QuaysideError(
    'engine_failed',
    refused ? 'The database refused the login.' : 'The database answered with an error.',
    {
      hint: refused
        ? 'Its password is not the one in the keychain; it may have been changed outside Quayside.'
        : 'The technical cause says what it answered.',
      detail,
    },
  )
}
