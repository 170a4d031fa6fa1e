import type { BackupSession, RemoteSource } from '../../engines/engine.ts'
import type { CreateDatabaseInput } from '../../../shared/contract/databases.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { DatabaseJobDeps } from '../databases/database-job.ts'
import { loginMs } from '../databases/server.ts'
import { callHost } from '../hosts/call-host.ts'
import type { Host } from '../ports.ts'
import { isOlder } from './restore-in-place.ts'

/** How long a look may take, milliseconds. */
const lookMs = 30_000

/** A database elsewhere as it was found. */
export interface SourceFacts {
  /** `shop on db.example.com:5432` */
  place: string
  serverVersion: string
}

/** Where a source is, without its secret. */
export function placeOf({ database, host, port }: Omit<RemoteSource, 'password'>): string {
  return `${database} on ${host}:${port}`
}

/** In words: `shop on db.example.com:5432, server 16.4`. */
export function describeSource({ place, serverVersion }: SourceFacts): string {
  return `${place}, server ${serverVersion}`
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
  const connect = () => at.host.reach({ host: source.host, port: source.port }, signal)
  return backup.openSource(source, connect, { timeoutMs: loginMs, signal })
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
    const { serverVersion } = await session.database()
    if (isOlder(at.version, serverVersion)) {
      throw new QuaysideError(
        'invalid_input',
        `That server has version ${serverVersion}, which ${at.version} can’t take in.`,
        { hint: 'Choose the same version or a newer one.', field: 'version' },
      )
    }
    return { place: placeOf(source), serverVersion }
  } finally {
    await session.close()
  }
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
