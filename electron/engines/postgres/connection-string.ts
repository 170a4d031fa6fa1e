import { QuaysideError } from '../../../shared/errors.ts'
import type { RemoteSource } from '../engine.ts'

/** What may be asked of libpq; the others name files, or programs, of the machine it runs on. */
const allowed = new Set([
  'sslmode',
  'sslnegotiation',
  'channel_binding',
  'gssencmode',
  'connect_timeout',
  'target_session_attrs',
  'keepalives',
  'keepalives_idle',
  'options',
])
/** Names of the one who connects; without a meaning for a dump. */
const ignored = new Set(['application_name', 'fallback_application_name', 'client_encoding'])

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

/** See `EngineBackup.parseSource`: a URL, or libpq's `key=value` words. */
export function parseSource(text: string): RemoteSource {
  const trimmed = text.trim()
  const words = /^postgres(?:ql)?:\/\//i.test(trimmed) ? fromUrl(trimmed) : fromWords(trimmed)
  const { host, port = '5432', user, password = '', dbname, ...rest } = words
  if (host === undefined || host === '') throw invalid('names no server')
  if (host.includes(',') || port.includes(',')) throw invalid('names several servers')
  if (host.startsWith('/') || host.startsWith('@')) throw invalid('names a socket on some machine')
  if (!/^\d{1,5}$/.test(port)) throw invalid('has a port that is no number')
  if (user === undefined || user === '') throw invalid('names no user')
  const more: Record<string, string> = {}
  for (const [key, value] of Object.entries(rest)) {
    if (ignored.has(key)) continue
    if (!allowed.has(key)) throw invalid(`has “${key}”, which can’t be used here`)
    more[key] = value
  }
  return {
    address: conninfo({ host, port, ...more }),
    user,
    password,
    database: dbname === undefined || dbname === '' ? user : dbname,
    host,
    port: Number(port),
    tls: tlsOf(more['sslmode']),
  }
}

function tlsOf(mode = 'prefer'): RemoteSource['tls'] {
  switch (mode) {
    case 'disable':
      return 'never'
    case 'allow':
    case 'prefer':
      return 'if-possible'
    case 'require':
      return 'always'
    case 'verify-ca':
    case 'verify-full':
      return 'verified'
    default:
      throw invalid('has an sslmode that is not known')
  }
}

function fromUrl(text: string): Record<string, string> {
  let url: URL
  try {
    // A scheme that URL knows by heart, so that it takes the rest apart as for the web.
    url = new URL(text.replace(/^[a-z]+:/i, 'http:'))
  } catch {
    throw invalid('is no address')
  }
  const given: Record<string, string> = {
    host: url.hostname.replaceAll(/^\[|\]$/g, ''),
    // The web's own port is left out by URL.
    port: url.port === '' ? (/:80(?:[/?]|$)/.test(text) ? '80' : '5432') : url.port,
    user: decode(url.username),
    password: decode(url.password),
    dbname: decode(url.pathname.slice(1)),
  }
  for (const [key, value] of url.searchParams) given[key] = value
  return given
}

function fromWords(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  const word = /\s*([a-z_]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))(?=\s|$)/gy
  let at = 0
  for (const match of text.matchAll(word)) {
    const [whole, key = '', quoted, bare = ''] = match
    found[key] = (quoted ?? bare).replaceAll(/\\(.)/g, '$1')
    at += whole.length
  }
  if (at === 0 || text.slice(at).trim() !== '') throw invalid('can’t be read')
  return found
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid('has a percent sign that stands for nothing')
  }
}

/** Never with the text itself: it holds a password. */
function invalid(what: string): QuaysideError {
  return new QuaysideError('invalid_input', `The connection string ${what}.`, {
    hint: 'It looks like “postgresql://user:password@server:5432/database?sslmode=require”.',
    field: 'connectionString',
  })
}
