import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import {
  connectionFormats,
  hiddenPassword,
  type ConnectionDetails,
} from '../../../shared/connection-formats.ts'
import { formatPostgres } from './format.ts'
import { postgres } from './index.ts'

const details: ConnectionDetails = {
  host: '127.0.0.1',
  port: 5432,
  user: 'db_user_a1b2c3',
  password: 'bR7mK2pQxw9LfTnVz4YcAa81',
  database: 'orders',
  sslmode: 'disable',
}

/** Anything a user, a password or a database may be called; PostgreSQL takes all but NUL. */
const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((text) => !text.includes('\0') && text !== hiddenPassword)
const anyDetails = fc.record({
  host: fc.constantFrom('127.0.0.1', '::1', 'orders.db.example.com'),
  port: fc.integer({ min: 1, max: 65_535 }),
  user: name,
  password: name,
  // No URL of the WHATWG kind, written however, can have these two as a path: they mean folders there.
  database: name.filter((text) => text !== '.' && text !== '..'),
  sslmode: fc.constant('disable'),
})

function everyTime(check: (details: ConnectionDetails) => void, numRuns = 200): void {
  fc.assert(fc.property(anyDetails, check), { numRuns })
}

describe('a connection to PostgreSQL', () => {
  it('is written in every form', () => {
    const written = Object.fromEntries(
      connectionFormats.map((format) => [format, formatPostgres(details, format)]),
    )
    const login = 'db_user_a1b2c3:bR7mK2pQxw9LfTnVz4YcAa81'
    const place = '127.0.0.1:5432/orders?sslmode=disable'
    expect(written).toEqual({
      url: `postgres://${login}@${place}`,
      env: `DATABASE_URL="postgres://${login}@${place}"`,
      cli: `PGPASSWORD='bR7mK2pQxw9LfTnVz4YcAa81' psql 'postgres://db_user_a1b2c3@${place}'`,
      jdbc: 'jdbc:postgresql://127.0.0.1:5432/orders?user=db_user_a1b2c3&password=bR7mK2pQxw9LfTnVz4YcAa81&sslmode=disable',
      dotnet:
        'Host=127.0.0.1;Port=5432;Username=db_user_a1b2c3;Password=bR7mK2pQxw9LfTnVz4YcAa81;Database=orders;SSL Mode=Disable',
      go: 'host=127.0.0.1 port=5432 user=db_user_a1b2c3 password=bR7mK2pQxw9LfTnVz4YcAa81 dbname=orders sslmode=disable',
      python: `postgresql+psycopg://${login}@${place}`,
      prisma: `DATABASE_URL="postgresql://${login}@${place}&schema=public"`,
      django: [
        'DATABASES = {',
        '    "default": {',
        '        "ENGINE": "django.db.backends.postgresql",',
        '        "HOST": "127.0.0.1",',
        '        "PORT": 5432,',
        '        "USER": "db_user_a1b2c3",',
        '        "PASSWORD": "bR7mK2pQxw9LfTnVz4YcAa81",',
        '        "NAME": "orders",',
        '        "OPTIONS": {"sslmode": "disable"},',
        '    }',
        '}',
      ].join('\n'),
    })
  })

  it.each(connectionFormats)('shows a hidden password as dots: %s', (format) => {
    const shown = formatPostgres({ ...details, password: hiddenPassword }, format)
    expect(shown).toContain(hiddenPassword)
    const real = formatPostgres(details, format)
    expect(shown.replace(hiddenPassword, details.password)).toBe(real)
  })

  it.each([
    ['prefer', 'Prefer'],
    ['require', 'Require'],
    ['verify-ca', 'VerifyCA'],
    ['verify-full', 'VerifyFull'],
  ])('knows sslmode %s', (sslmode, npgsql) => {
    expect(formatPostgres({ ...details, sslmode }, 'url')).toContain(`?sslmode=${sslmode}`)
    expect(formatPostgres({ ...details, sslmode }, 'dotnet')).toContain(`;SSL Mode=${npgsql}`)
  })

  it('asks for what every driver knows', () => {
    expect(postgres.plainSslMode).toBe('disable')
  })
})

describe('whatever the names hold', () => {
  it('a driver reads the URL back', () => {
    everyTime((wanted) => {
      const url = formatPostgres(wanted, 'url')
      const { user, password, port } = new pg.Client({ connectionString: url })
      expect({ user, password, port }).toEqual({
        user: wanted.user,
        password: wanted.password,
        port: wanted.port,
      })
      // Read as libpq does: this driver alone leaves some signs of a database's name encoded.
      const path = new URL(url.replace('postgres:', 'https:')).pathname
      expect(decodeURIComponent(path.slice(1))).toBe(wanted.database)
    })
  })

  it('URLs hold no sign that a shell, a .env file or a page could take for more', () => {
    everyTime((wanted) => {
      for (const format of ['url', 'python'] as const) {
        expect(formatPostgres(wanted, format)).toMatch(/^[\w.~%:/@?=&[\]+-]+$/)
      }
      for (const format of ['env', 'prisma'] as const) {
        expect(formatPostgres(wanted, format)).toMatch(/^DATABASE_URL="[\w.~%:/@?=&[\]+-]+"$/)
      }
    })
  })

  it('a JDBC URL gives its values back', () => {
    everyTime((wanted) => {
      const url = new URL(formatPostgres(wanted, 'jdbc').replace('jdbc:postgresql:', 'https:'))
      // As java.net.URLDecoder does, which also makes a plus a space.
      const decode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '))
      expect(decode(url.pathname.slice(1))).toBe(wanted.database)
      expect(url.searchParams.get('user')).toBe(wanted.user)
      expect(url.searchParams.get('password')).toBe(wanted.password)
    })
  })

  it.skipIf(process.platform === 'win32')('a shell gives psql what was meant', () => {
    everyTime((wanted) => {
      const [before = '', after = ''] = formatPostgres(wanted, 'cli').split(' psql ')
      const script = `${before} sh -c 'printf "%s\\0%s" "$PGPASSWORD" "$1"' sh ${after}`
      const said = execFileSync('sh', ['-c', script], { encoding: 'utf8' })
      const url = formatPostgres({ ...wanted, password: '' }, 'url')
      expect(said.split('\0')).toEqual([wanted.password, url])
    }, 25)
  })

  it('a keyword string gives its values back', () => {
    everyTime((wanted) => {
      expect(readKeywords(formatPostgres(wanted, 'go'))).toEqual({
        host: wanted.host,
        port: String(wanted.port),
        user: wanted.user,
        password: wanted.password,
        dbname: wanted.database,
        sslmode: wanted.sslmode,
      })
    })
  })

  it('an ADO.NET string gives its values back', () => {
    everyTime((wanted) => {
      expect(readAdo(formatPostgres(wanted, 'dotnet'))).toEqual({
        Host: wanted.host,
        Port: String(wanted.port),
        Username: wanted.user,
        Password: wanted.password,
        Database: wanted.database,
        'SSL Mode': 'Disable',
      })
    })
  })

  it('Django’s settings give their values back', () => {
    everyTime((wanted) => {
      const settings = formatPostgres(wanted, 'django')
      // By '\n' alone: Python does not end a line at U+2028 either, as a regular expression's `$` would.
      const lines = settings.split('\n')
      const value = (key: string): unknown => {
        const [line = ''] = lines.filter((one) => one.includes(`"${key}": `))
        return JSON.parse(line.slice(line.indexOf(': ') + 2, -1))
      }
      expect([value('USER'), value('PASSWORD'), value('NAME')]).toEqual([
        wanted.user,
        wanted.password,
        wanted.database,
      ])
    })
  })
})

/** As libpq's conninfo_parse reads it. */
function readKeywords(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (let rest = text; rest !== '';) {
    const match = /^ ?(\w+)=(?:'((?:[^'\\]|\\.)*)'|([^\s'\\]*))/su.exec(rest)
    if (match === null) throw new Error(`unreadable: ${rest}`)
    const [all, key = '', quoted, plain] = match
    found[key] = (quoted ?? plain ?? '').replaceAll(/\\(.)/gsu, '$1')
    rest = rest.slice(all.length)
  }
  return found
}

/** As System.Data.Common.DbConnectionStringBuilder reads it. */
function readAdo(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (let rest = text; rest !== '';) {
    const match = /^;?([\w ]+)=(?:"((?:[^"]|"")*)"|([^;"']*))/su.exec(rest)
    if (match === null) throw new Error(`unreadable: ${rest}`)
    const [all, key = '', quoted, plain] = match
    found[key] = quoted?.replaceAll('""', '"') ?? plain ?? ''
    rest = rest.slice(all.length)
  }
  return found
}
