import type { Duplex } from 'node:stream'
import { QuaysideError } from '../../../shared/errors.ts'
import type { SessionTls } from '../engine.ts'
import type { BackupSession, RemoteSource } from '../engine-backup.ts'
import { sessionOver } from './backup-session.ts'
import { connectPostgres, type PostgresClient } from './client.ts'
import { refusePooler, saidByPooler } from './pooler.ts'

/** See `EngineBackup.openSource`: TLS as the connection string's `sslmode` says, as libpq does it. */
export async function openSource(
  source: RemoteSource,
  connect: () => Promise<Duplex>,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<BackupSession> {
  const { user, password, database, options } = source
  const open = async (tls: SessionTls | null): Promise<PostgresClient> =>
    connectPostgres(
      {
        stream: await connect(),
        user,
        password,
        database,
        timeoutMs,
        ...(tls !== null && { tls }),
        ...(options !== null && { options }),
      },
      { queryMs: null, signal },
    )
  try {
    const { client, tls } = await inItsWay(source, open)
    try {
      await refusePooler(client, () => open(tls))
      return await sessionOver(client)
    } catch (thrown) {
      await client.close()
      throw thrown
    }
  } catch (thrown) {
    signal.throwIfAborted()
    throw toldOf(source, thrown)
  }
}

async function inItsWay(
  source: RemoteSource,
  open: (tls: SessionTls | null) => Promise<PostgresClient>,
): Promise<{ client: PostgresClient; tls: SessionTls | null }> {
  if (source.tls === 'never') return { client: await open(null), tls: null }
  const checks = { verified: 'name', authority: 'authority' } as const
  const check = source.tls === 'verified' || source.tls === 'authority' ? checks[source.tls] : null
  const tls: SessionTls = {
    host: source.host,
    check: check ?? 'nothing',
    authorities: check === null ? null : (source.authorities ?? null),
  }
  try {
    return { client: await open(tls), tls }
  } catch (thrown) {
    if (source.tls !== 'if-possible' || !withoutTls(detailOf(thrown))) throw thrown
  }
  return { client: await open(null), tls: null }
}

/** `overTls` says it in these words. */
function withoutTls(detail: string): boolean {
  return /does not support SSL/i.test(detail)
}

function detailOf(thrown: unknown): string {
  if (thrown instanceof QuaysideError) return thrown.detail ?? ''
  return thrown instanceof Error ? thrown.message : ''
}

/** The words for our own servers speak of the keychain, and of waiting. */
function toldOf(source: RemoteSource, thrown: unknown): unknown {
  if (!(thrown instanceof QuaysideError)) return thrown
  const pooled = saidByPooler(thrown)
  if (pooled !== null) return pooled
  if (thrown.code !== 'engine_failed' && thrown.code !== 'engine_not_ready') return thrown
  // What the way there says is said well already.
  if (thrown.field !== undefined) return thrown
  const detail = detailOf(thrown)
  const known = reasons.find(({ found }) => found.test(detail))
  const place = `${source.host}:${source.port}`
  const { message, hint } =
    known?.told(source, place) ??
    (thrown.code === 'engine_not_ready'
      ? {
          message: `${place} accepts connections but does not let one in.`,
          hint: 'See that it is PostgreSQL that listens there, and that it is not starting or stopping.',
        }
      : {
          message: `${place} answered with an error.`,
          hint: 'The technical cause says what it answered. Check user and database in the connection string.',
        })
  return new QuaysideError(thrown.code, message, {
    hint,
    detail,
    field: 'connectionString',
    cause: thrown,
  })
}

interface Told {
  message: string
  hint: string
}

/** What is met most, by what the driver and the server say of it. */
const reasons: { found: RegExp; told(source: RemoteSource, place: string): Told }[] = [
  {
    found: /^28P01|^28000: password/,
    told: ({ user }, place) => ({
      message: `${place} refused the login of ${user}.`,
      hint: 'Check user and password in the connection string. Special characters of a password stand in a URL as %40 for @, %3A for : and the like.',
    }),
  },
  {
    found: /^28000/,
    told: ({ user, database }, place) => ({
      message: `${place} does not let ${user} in to ${database} from this host.`,
      hint: 'Its pg_hba.conf, or the provider’s list of allowed addresses, has to name the host; some ask for sslmode=require.',
    }),
  },
  {
    found: /^3D000/,
    told: ({ database }, place) => ({
      message: `${place} has no database ${database}.`,
      hint: 'Check the name at the end of the connection string.',
    }),
  },
  {
    found: /^53300/,
    told: (_source, place) => ({
      message: `${place} has no connection left.`,
      hint: 'An import needs three at a time. Try again when others have ended theirs.',
    }),
  },
  {
    found: /does not support SSL/i,
    told: (_source, place) => ({
      message: `${place} does not speak TLS, which the connection string asks for.`,
      hint: 'With sslmode=prefer it is reached without; what is sent can then be read on the way.',
    }),
  },
  {
    found: /ALTNAME_INVALID/,
    told: ({ host }, place) => ({
      message: `The certificate of ${place} is for another name.`,
      hint: `Write the name that the certificate has in place of ${host}, or sslmode=verify-ca if the authority alone shall do.`,
    }),
  },
  {
    found: /CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/,
    told: (_source, place) => ({
      message: `The certificate of ${place} is not valid now.`,
      hint: 'Renew it there, or set the clock of this computer.',
    }),
  },
  {
    found: /SELF_SIGNED|UNABLE_TO_|CERT_|certificate/,
    told: ({ rootFile }, place) => ({
      message: `No known authority vouches for the certificate of ${place}.`,
      hint:
        rootFile === null
          ? 'Name the file with its authority: sslrootcert=/path/to/ca.pem.'
          : `${rootFile} does not hold the authority that has signed it.`,
    }),
  },
]
