import type { Engine } from '../engine.ts'
import { postgresBackup } from './backup.ts'
import { formatPostgres } from './format.ts'
import { postgresIcon } from './icon.ts'
import { postgresServer } from './spec.ts'

/** Major versions that PostgreSQL supports, newest first. https://www.postgresql.org/support/versioning/ */
const versions = ['18', '17', '16', '15', '14']

export const postgres: Engine = {
  info: {
    id: 'postgres',
    label: 'PostgreSQL',
    versions: versions.map((version, place) => ({
      version,
      label: place === 0 ? `${version} newest` : version,
    })),
    defaultPort: 5432,
    icon: postgresIcon,
    client: 'psql',
  },
  // Not libpq's own `prefer`: lib/pq does not know it, and node-postgres takes it for `require`. The
  // tunnel is encrypted already, and a loopback needs no TLS.
  plainSslMode: 'disable',
  server: postgresServer,
  format: formatPostgres,
  openSession: async (...login) => (await import('./with-driver.ts')).openPostgresSession(...login),
  backup: postgresBackup,
  reservedDatabases: ['template0', 'template1'],
  mark: {
    label: 'PostgreSQL',
    ports: [5432],
    programs: /^(?:postgres|postmaster)$/,
    images: /^(?:postgres|postgresql|postgis|timescaledb|pgvector)/,
    setting: { file: 'postgresql.conf', line: "listen_addresses = 'localhost'" },
  },
}
