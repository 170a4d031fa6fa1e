import { QuaysideError } from '../../../shared/errors.ts'
import type { RemoteSource } from '../engine-backup.ts'
import { wordsOfText, wordsOfUrl, type Words } from './connection-url.ts'
import { runFolder } from './backup-scripts.ts'
import { throughPooler } from './pooler.ts'

/** What may be asked of libpq; the others name files, or programs, of the machine it runs on. */
const allowed = new Set([
  'channel_binding',
  'gssencmode',
  'connect_timeout',
  'target_session_attrs',
  'keepalives',
  'keepalives_idle',
  'keepalives_interval',
  'keepalives_count',
  'tcp_user_timeout',
  'options',
])
/** Names of the one who connects, and what is so anyway: without a meaning for a dump. */
const ignored = new Set([
  'application_name',
  'fallback_application_name',
  'client_encoding',
  'load_balance_hosts',
  'sslsni',
])
/** What other programs read in such a string, and how a pooler shows there. */
const ofPooler = new Set(['pgbouncer', 'pool_mode', 'pool_timeout'])

/** The words of a connection: `host='db' port='5432'`. Quoted, so that no value becomes another word. */
export function conninfo(words: Readonly<Record<string, string>>): string {
  return Object.entries(words)
    .map(([key, value]) => `${key}='${value.replaceAll(/[\\']/g, (char) => `\\${char}`)}'`)
    .join(' ')
}

/** A server on the loopback that the task shares with it. */
export function loopback(port: number): string {
  return conninfo({ host: '127.0.0.1', port: String(port) })
}

/** Where the task finds the authorities it goes by, see `DumpSource.authorities`. */
export const authoritiesFile = `${runFolder}/root.crt`

/** See `EngineBackup.parseSource`: a URL, or libpq's `key=value` words. */
export function parseSource(text: string): RemoteSource {
  const trimmed = text.trim()
  const words = /^[a-z][a-z+.-]*:\/\//i.test(trimmed)
    ? fromUrl(trimmed)
    : wordsOfText(trimmed, invalid)
  const { host, port = '', user, password = '', dbname, sslmode, sslrootcert, ...rest } = words
  if (host === undefined || host === '') throw invalid('names no server')
  if (/[,]/.test(host + port))
    throw invalid('names several servers', 'Name the one to import from.')
  if (/^[/@]/.test(host)) {
    throw invalid('names a socket on some machine', 'Name the server by its address.')
  }
  if (/[\s\0]/.test(host)) throw invalid('names a server that can’t be one')
  if (port !== '' && !isPort(port)) throw invalid('has a port that is none')
  if (user === undefined || user === '') throw invalid('names no user')
  const more: Record<string, string> = {}
  for (const [key, value] of Object.entries(rest)) {
    if (isDefault(key, value)) continue
    if (!allowed.has(key)) throw notUsable(key)
    more[key] = value
  }
  const { tls, rootFile } = tlsOf(sslmode, sslrootcert)
  const place = { host, port: port === '' ? '5432' : port }
  return {
    address: conninfo({ ...place, ...sslWords[tls], ...more }),
    user,
    password,
    database: dbname === undefined || dbname === '' ? user : dbname,
    host,
    port: Number(place.port),
    tls,
    rootFile,
    options: more['options'] ?? null,
  }
}

/** As libpq has them: where nothing is said, TLS is used if the server can. */
const sslWords: Readonly<Record<RemoteSource['tls'], Record<string, string>>> = {
  never: { sslmode: 'disable' },
  'if-possible': { sslmode: 'prefer' },
  always: { sslmode: 'require' },
  authority: { sslmode: 'verify-ca', sslrootcert: authoritiesFile },
  verified: { sslmode: 'verify-full', sslrootcert: authoritiesFile },
}

/** Whoever names an authority wants it to be asked, as libpq takes `require` with one, too. */
function tlsOf(mode: string | undefined, root = ''): Pick<RemoteSource, 'tls' | 'rootFile'> {
  const system = root === 'system'
  const rootFile = root === '' || system ? null : root
  if (rootFile !== null && !rootFile.startsWith('/') && !/^[A-Za-z]:[\\/]/.test(rootFile)) {
    throw invalid(
      'names a certificate by a path that depends on a folder',
      'Give the path of sslrootcert from its root. It is read on this computer.',
    )
  }
  const asked = rootFile === null ? null : ('authority' as const)
  switch (mode ?? (system ? 'verify-full' : 'prefer')) {
    case 'disable':
      return { tls: 'never', rootFile: null }
    case 'allow':
    case 'prefer':
      return { tls: asked ?? 'if-possible', rootFile }
    case 'require':
      return { tls: asked ?? 'always', rootFile }
    case 'verify-ca':
      return { tls: 'authority', rootFile }
    case 'verify-full':
      return { tls: 'verified', rootFile }
    default:
      throw invalid('has an sslmode that is not known')
  }
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65_536
}

/** What says nothing that is not so anyway. */
function isDefault(key: string, value: string): boolean {
  return ignored.has(key) || value === '' || (key === 'sslnegotiation' && value === 'postgres')
}

function notUsable(key: string): QuaysideError {
  const name = key.replaceAll(/[^\w.-]/g, '�').slice(0, 40)
  if (ofPooler.has(key)) return throughPooler(`The connection string has “${name}”.`)
  if (/^ssl(?:cert|key|password)$/.test(key)) {
    return invalid(`has “${name}”`, 'A login by a certificate can’t be used here. Use a password.')
  }
  return invalid(
    `has “${name}”, which can’t be used here`,
    'Take it out if the import does not need it: many programs add settings of their own.',
  )
}

function fromUrl(text: string): Words {
  if (!/^postgres(?:ql)?:/i.test(text)) throw invalid('is not one of PostgreSQL')
  return wordsOfUrl(text, invalid)
}

/** Never with the text itself: it holds a password. */
function invalid(
  what: string,
  hint = 'It looks like “postgresql://user:password@server:5432/database?sslmode=require”.',
): QuaysideError {
  return new QuaysideError('invalid_input', `The connection string ${what}.`, {
    hint,
    field: 'connectionString',
  })
}
