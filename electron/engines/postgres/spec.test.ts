import { describe, expect, it } from 'vitest'
import { postgres } from './index.ts'

const request = { user: 'db_user_a1b2c3', password: 'bR7mK2pQ', database: 'orders' }
const server = (version: string) => postgres.server({ ...request, version })

describe('a PostgreSQL server', () => {
  it('runs the public image, with the password in a file that root alone can read', () => {
    const { image, env, files, ...rest } = server('15')
    expect(image).toBe('postgres:15')
    expect(files.filter((file) => file.secret)).toEqual([
      { path: env['POSTGRES_PASSWORD_FILE'], content: 'bR7mK2pQ', mode: 0o400, secret: true },
    ])
    const open = files.filter((file) => !file.secret)
    expect(JSON.stringify([image, env, open, rest])).not.toContain('bR7mK2pQ')
  })

  it('forgets the password before it starts, by a script that is sourced and not run', () => {
    const script = server('15').files.find((file) => file.path.endsWith('.sh'))
    expect(script?.path).toMatch(/^\/docker-entrypoint-initdb\.d\/zz-/)
    expect((script?.mode ?? 0o777) & 0o111).toBe(0)
    expect(script?.content).toContain('unset POSTGRES_PASSWORD')
  })

  it('begins without the log that nobody reads where it is to be filled at first', () => {
    const script = (filling: boolean) =>
      postgres
        .server({ ...request, version: '15', filling })
        .files.find(({ path }) => path.endsWith('.sh'))?.content
    expect(script(true)).toBe(
      `echo "wal_level = 'minimal'" >>"$PGDATA/postgresql.auto.conf"\n` +
        `echo "max_wal_senders = '0'" >>"$PGDATA/postgresql.auto.conf"\n` +
        `echo "full_page_writes = 'off'" >>"$PGDATA/postgresql.auto.conf"\n` +
        `echo "max_locks_per_transaction = '1024'" >>"$PGDATA/postgresql.auto.conf"\n` +
        'unset POSTGRES_PASSWORD\n',
    )
    expect(script(false)).toBe('unset POSTGRES_PASSWORD\n')
  })

  // https://github.com/docker-library/postgres/pull/1259
  it.each([
    ['14', '/var/lib/postgresql/data'],
    ['17', '/var/lib/postgresql/data'],
    ['18', '/var/lib/postgresql'],
  ])('%s keeps its data in %s', (version, path) => {
    expect(server(version).dataPath).toBe(path)
  })

  it('is offered in every supported version, the newest first', () => {
    const versions = postgres.info.versions.map(({ version }) => Number(version))
    expect(versions).toEqual([...versions].sort((a, b) => b - a))
    expect(postgres.info.icon).toMatch(/^M[\d\sA-Za-z.,-]+$/)
  })
})
