import {
  hiddenPassword,
  type ConnectionDetails,
  type ConnectionFormat,
} from '../../../shared/connection-formats.ts'

/** A PostgreSQL connection in one of the written forms, each escaped by its own rules. */
export function formatPostgres(details: ConnectionDetails, format: ConnectionFormat): string {
  const { host, port, user, password, database, sslmode } = details
  switch (format) {
    case 'url':
      return url(details, 'postgres')
    case 'env':
      return `DATABASE_URL="${url(details, 'postgres')}"`
    case 'cli': {
      // The password goes by the environment: an argument could be read by every user of the computer.
      const target = url({ ...details, password: '' }, 'postgres')
      return `PGPASSWORD=${shellQuote(password)} psql ${shellQuote(target)}`
    }
    case 'jdbc': {
      const query = `user=${encode(user)}&password=${encode(password)}&sslmode=${encode(sslmode)}`
      return `jdbc:postgresql://${bracketed(host)}:${port}/${encode(database)}?${query}`
    }
    case 'dotnet':
      return [
        `Host=${dotnetQuote(host)}`,
        `Port=${port}`,
        `Username=${dotnetQuote(user)}`,
        `Password=${dotnetQuote(password)}`,
        `Database=${dotnetQuote(database)}`,
        `SSL Mode=${npgsqlMode(sslmode)}`,
      ].join(';')
    case 'go':
      return [
        `host=${keywordQuote(host)}`,
        `port=${port}`,
        `user=${keywordQuote(user)}`,
        `password=${keywordQuote(password)}`,
        `dbname=${keywordQuote(database)}`,
        `sslmode=${keywordQuote(sslmode)}`,
      ].join(' ')
    case 'python':
      return url(details, 'postgresql+psycopg')
    case 'prisma':
      return `DATABASE_URL="${url(details, 'postgresql')}&schema=public"`
    case 'django':
      return [
        'DATABASES = {',
        '    "default": {',
        '        "ENGINE": "django.db.backends.postgresql",',
        `        "HOST": ${pythonQuote(host)},`,
        `        "PORT": ${port},`,
        `        "USER": ${pythonQuote(user)},`,
        `        "PASSWORD": ${pythonQuote(password)},`,
        `        "NAME": ${pythonQuote(database)},`,
        `        "OPTIONS": {"sslmode": ${pythonQuote(sslmode)}},`,
        '    }',
        '}',
      ].join('\n')
  }
}

/** A connection URI as libpq reads it, https://www.postgresql.org/docs/current/libpq-connect.html */
function url(details: ConnectionDetails, scheme: string): string {
  const { host, port, user, password, database, sslmode } = details
  const login = password === '' ? encode(user) : `${encode(user)}:${encode(password)}`
  const query = `sslmode=${encode(sslmode)}`
  return `${scheme}://${login}@${bracketed(host)}:${port}/${encode(database)}?${query}`
}

/** Percent-encoded, also what `encodeURIComponent` leaves; the dots of a hidden password stay dots. */
function encode(text: string): string {
  if (text === hiddenPassword) return text
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

/** One word of a POSIX shell. */
function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** A value of libpq's keyword/value string. */
function keywordQuote(text: string): string {
  if (/^[\w.:/-]+$/.test(text) || text === hiddenPassword) return text
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

/** A value of an ADO.NET connection string: quoted where it holds a sign with a meaning. */
function dotnetQuote(text: string): string {
  if (/^[\w.:/-]+$/.test(text) || text === hiddenPassword) return text
  return `"${text.replaceAll('"', '""')}"`
}

/** Npgsql writes libpq's `verify-full` as `VerifyFull`. */
function npgsqlMode(sslmode: string): string {
  if (sslmode === 'verify-ca') return 'VerifyCA'
  return sslmode.replaceAll(/(?:^|-)([a-z])/g, (_match, letter: string) => letter.toUpperCase())
}

/** A string of Python; JSON's escapes are all Python's too. */
function pythonQuote(text: string): string {
  return JSON.stringify(text)
}
