import type { Duplex } from 'node:stream'
import { QuaysideError } from '../../../shared/errors.ts'
import type { BackupSession, RemoteSource } from '../engine.ts'
import { openBackupSession } from './backup-session.ts'

/** See `EngineBackup.openSource`: TLS as the connection string's `sslmode` says, as libpq does it. */
export async function openSource(
  source: RemoteSource,
  connect: () => Promise<Duplex>,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<BackupSession> {
  const { user, password, database, host, tls } = source
  const attempt = async (encrypted: boolean): Promise<BackupSession> =>
    openBackupSession(
      {
        ...{ stream: await connect(), user, password, database, timeoutMs },
        ...(encrypted && { tls: { host, verified: tls === 'verified' } }),
      },
      signal,
    )
  try {
    return await attempt(tls !== 'never')
  } catch (thrown) {
    if (tls !== 'if-possible' || !withoutTls(thrown)) throw refused(thrown)
  }
  return attempt(false).catch((thrown: unknown) => {
    throw refused(thrown)
  })
}

/** The driver says it in these words alone. */
function withoutTls(thrown: unknown): boolean {
  return thrown instanceof Error && /does not support SSL/i.test(detailOf(thrown))
}

function detailOf(thrown: Error): string {
  return thrown instanceof QuaysideError ? (thrown.detail ?? '') : thrown.message
}

/** A login that is refused: the words for our own servers speak of the keychain. */
function refused(thrown: unknown): unknown {
  if (!(thrown instanceof QuaysideError) || thrown.code !== 'engine_failed') return thrown
  return new QuaysideError('engine_failed', thrown.message, {
    hint: 'Check the connection string: user, password, database, and whether that server lets this host in.',
    ...(thrown.detail !== undefined && { detail: thrown.detail }),
    cause: thrown,
  })
}
