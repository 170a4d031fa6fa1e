import type { Duplex } from 'node:stream'
import type { BackupSession, RemoteSource } from '../../engines/engine-backup.ts'
import type { CreateDatabaseInput } from '../../../shared/contract/databases.ts'
import { fromErrorData, QuaysideError, toErrorData } from '../../../shared/errors.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import type { DatabaseJobDeps } from '../databases/database-job.ts'
import { loginMs } from '../databases/server.ts'
import { callHost } from '../hosts/call-host.ts'
import type { Host } from '../ports.ts'
import { isOlder } from './restore-in-place.ts'

/** How long a look may take, milliseconds. */
const lookMs = 45_000
/** How long a connection may take to be made, milliseconds: what drops it says nothing for minutes. */
const reachMs = 10_000
/** So many tables are named in a sentence. */
const named = 3

/** A database elsewhere as it was found. */
export interface SourceFacts {
  /** `shop on db.example.com:5432` */
  place: string
  serverVersion: string
  bytes: number
  tables: number
  /** Those beyond what every server has. */
  extensions: string[]
}

/** Where a source is, without its secret. */
export function placeOf({ database, host, port }: Omit<RemoteSource, 'password'>): string {
  return `${database} on ${host}:${port}`
}

/** In words: `shop on db.example.com:5432, server 16.4, 3.9 GB in 12 tables`. */
export function describeSource({ place, serverVersion, bytes, tables }: SourceFacts): string {
  const counted = tables === 1 ? '1 table' : `${tables} tables`
  return `${place}, server ${serverVersion}, ${formatBytes(bytes)} in ${counted}`
}

/**
 * Logs in to a database elsewhere, on the way that a host goes there.
 * @throws QuaysideError `engine_not_ready` where it can't be reached, `engine_failed` where it refuses
 */
export function openSource(
  { engines }: Pick<DatabaseJobDeps, 'engines'>,
  source: RemoteSource,
  at: { host: Host; engine: string },
  signal: AbortSignal,
): Promise<BackupSession> {
  const { backup } = engines.get(at.engine)
  const connect = () => reach(at.host, source, signal)
  return backup.openSource(source, connect, { timeoutMs: loginMs, signal })
}

async function reach(
  host: Host,
  { host: address, port }: RemoteSource,
  signal: AbortSignal,
): Promise<Duplex> {
  const silent = (): QuaysideError =>
    new QuaysideError('engine_not_ready', `${address}:${port} does not answer.`, {
      hint: 'Check the address, and whether a firewall there lets this host in.',
      detail: `no connection within ${reachMs / 1000} s`,
    })
  const limit = AbortSignal.timeout(reachMs)
  try {
    return await host.reach({ host: address, port }, AbortSignal.any([signal, limit]))
  } catch (thrown) {
    signal.throwIfAborted()
    const told = limit.aborted ? silent() : thrown
    if (!(told instanceof QuaysideError) || told.code !== 'engine_not_ready') throw told
    throw fromErrorData({ ...toErrorData(told), field: 'connectionString' })
  }
}

/**
 * What a source is, and whether the version that is wished can take it.
 * @throws QuaysideError as `openSource`; `invalid_input` where the version is older than the source's
 */
export async function lookAtSource(
  deps: Pick<DatabaseJobDeps, 'engines'>,
  source: RemoteSource,
  at: { host: Host; engine: string; version: string },
  signal: AbortSignal,
): Promise<SourceFacts> {
  const session = await openSource(deps, source, at, signal)
  try {
    const { serverVersion, extensions } = await session.database()
    if (isOlder(at.version, serverVersion)) {
      throw new QuaysideError(
        'invalid_input',
        `That server has version ${serverVersion}, which ${at.version} can’t take in.`,
        { hint: 'Choose the same version or a newer one.', field: 'version' },
      )
    }
    const { bytes, tables, unreadable } = await session.survey()
    if (unreadable.length > 0) throw unreadableTo(source, unreadable)
    return {
      place: placeOf(source),
      serverVersion,
      bytes,
      tables,
      extensions: extensions.map(({ name }) => name).filter((name) => name !== 'plpgsql'),
    }
  } finally {
    await session.close()
  }
}

function unreadableTo({ user }: RemoteSource, tables: readonly string[]): QuaysideError {
  const others = tables.length - named
  const list = tables.slice(0, named).join(', ') + (others > 0 ? ` and ${others} more` : '')
  return new QuaysideError('engine_failed', `${user} may not read all of that database.`, {
    hint: 'Use a login that owns it or may read everything, row security included.',
    detail: list,
    field: 'connectionString',
  })
}

/** The same for a plan: what does not answer is told soon. */
export function peekAtSource(
  deps: DatabaseJobDeps,
  source: RemoteSource,
  { hostId, engine, version }: CreateDatabaseInput,
  signal?: AbortSignal,
): Promise<SourceFacts> {
  return callHost(deps.registry, { id: hostId, withinMs: lookMs, signal }, (host, within) =>
    lookAtSource(deps, source, { host, engine, version }, within),
  )
}
