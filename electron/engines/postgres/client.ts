import type { Duplex } from 'node:stream'
import pg from 'pg'
import * as z from 'zod'
import { QuaysideError } from '../../../shared/errors.ts'
import type { SessionLogin } from '../engine.ts'
import { isDiskFull } from './disk-full.ts'
import { loginSettings } from './login-settings.ts'
import { asSocket } from './stream-socket.ts'
import { overTls } from './tls-stream.ts'

/** How long a goodbye may take before the stream is just closed, milliseconds. */
const goodbyeMs = 500

/** A login to PostgreSQL that queries are asked through. */
export interface PostgresClient {
  /** The rows; throws as `Engine.openSession`. */
  query(text: string, values?: unknown[]): Promise<unknown[]>
  /** How many rows each of these statements was about, in one round trip; throws as `query`. */
  rowCounts(statements: readonly string[]): Promise<number[]>
  /** Of the process that serves this session, as was said at its beginning; null where nothing was. */
  readonly processId: number | null
  close(): Promise<void>
}

/**
 * Logs in over a stream that leads to the server's port.
 *
 * @param queryMs how long a query may take; null for as long as it does
 * @param pinSearchPath a name means what the server means by it, and nothing that the database brings
 * along; in the place of `options`, and only for servers that are reached directly
 * @param signal ends it at any time
 */
export async function connectPostgres(
  { stream, user, password, database, timeoutMs, tls, options, version }: SessionLogin,
  {
    queryMs,
    signal,
    pinSearchPath = false,
  }: { queryMs: number | null; signal?: AbortSignal | undefined; pinSearchPath?: boolean },
): Promise<PostgresClient> {
  const broken = firstError(stream)
  // pg would wait for words that can't come any more.
  if (stream.destroyed) throw postgresError(stream.errored ?? new Error('the stream is closed'))
  const abort = (): void => void stream.destroy(reasonOf(signal))
  signal?.addEventListener('abort', abort, { once: true })
  stream.once('close', () => signal?.removeEventListener('abort', abort))
  if (signal?.aborted === true) abort()

  const translated = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (thrown) {
      if (signal?.aborted === true) throw reasonOf(signal)
      throw postgresError(broken() ?? thrown)
    }
  }

  const spoken = tls === undefined ? stream : await translated(overTls(stream, tls, timeoutMs))
  const startup = [pinSearchPath ? '-c search_path=pg_catalog' : options, loginSettings(version)]
    .filter((words) => words !== undefined && words !== '')
    .join(' ')
  const client = new pg.Client({
    user,
    password,
    database,
    ssl: false,
    ...(startup !== '' && { options: startup }),
    application_name: 'quayside',
    connectionTimeoutMillis: timeoutMs,
    ...(queryMs !== null && { query_timeout: queryMs }),
    stream: () => asSocket(spoken),
  })
  // For life: an error between two queries would otherwise end the program.
  client.on('error', () => undefined)
  await translated(client.connect())
  const { processID: processId } = startedSchema.parse(client)
  return {
    processId,
    query: async (text, values) => {
      const result = await translated(client.query<Record<string, unknown>>(text, values))
      return result.rows
    },
    rowCounts: async (statements) => {
      const results: unknown = await translated(client.query(statements.join(';\n')))
      return countedSchema.parse([results].flat()).map(({ rowCount }) => rowCount)
    },
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

/** The driver's types don't know it. */
const startedSchema = z.object({ processID: z.number().nullable().catch(null) })

/** The driver answers several statements by several results, of which its types know one. */
const countedSchema = z.array(z.object({ rowCount: z.number() }))

function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason
  return reason instanceof Error ? reason : new Error('aborted')
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
  if (code === '53100' && isDiskFull(message)) {
    return new QuaysideError('disk_full', 'The disk that holds the database is full.', {
      hint: 'Free space on its host (“docker system df” shows what Docker holds), then retry.',
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
