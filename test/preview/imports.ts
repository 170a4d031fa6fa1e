import type {
  ImportFileRequest,
  ImportPlan,
  ImportServerRequest,
} from '../../shared/contract/transfers.ts'
import { QuaysideError } from '../../shared/errors.ts'

// As the core tells it, see electron/domain/backups/plan-import.ts.

const ownersLeftOut =
  'Owners and grants are left out: all of it will belong to the new database’s own user.'

export function importPlan({ path, name, environment }: ImportFileRequest): ImportPlan {
  const container = `${name}-${environment}-postgres`
  return {
    found: 'A dump in custom format, compressed by gzip, 1.2 GB',
    actions: [
      { verb: 'read', text: `${path} to its end, and hash it` },
      ...making(container),
      { verb: 'send', text: '1.2 GB, hashed here and on the host' },
      { verb: 'parse', text: 'the dump to its end, then restore it' },
      ...ending(container, 'the rows of every table'),
    ],
    warnings: [ownersLeftOut],
    scratchBytes: null,
  }
}

/** A pooler refuses, by its port; a name with `silent` in it never answers. */
export function importServerPlan(request: ImportServerRequest): ImportPlan | Promise<ImportPlan> {
  const { connectionString, name, environment } = request
  if (connectionString.includes('silent')) return new Promise(() => undefined)
  if (connectionString.includes(':6543')) {
    throw new QuaysideError(
      'invalid_input',
      'That server is behind a pooler that shares its connections. A dump needs a connection of its own to the server.',
      {
        hint: 'Use the direct connection: often the same string with port 5432 in place of 6432 or 6543, or with “-pooler” taken out of the server’s name.',
        field: 'connectionString',
      },
    )
  }
  if (connectionString.includes('verify-full')) {
    throw new QuaysideError(
      'engine_failed',
      'No known authority vouches for the certificate of db.example.com:5432.',
      {
        hint: 'Name the file with its authority: sslrootcert=/path/to/ca.pem.',
        detail: 'SELF_SIGNED_CERT_IN_CHAIN: self-signed certificate in certificate chain',
        field: 'connectionString',
      },
    )
  }
  const container = `${name}-${environment}-postgres`
  return {
    found: 'shop on db.example.com:5432, server 16.4, 3.9 GB in 42 tables',
    actions: [
      {
        verb: 'log in',
        text: 'to shop on db.example.com:5432, from the host; nothing is changed there',
      },
      ...making(container),
      { verb: 'dump', text: 'by a task on the host, of one moment, checked while it is made' },
      { verb: 'keep', text: 'the dump on this computer until it is restored' },
      { verb: 'send', text: 'it, hashed here and on the host' },
      { verb: 'parse', text: 'the dump to its end, then restore it' },
      ...ending(container, 'the rows of every table, and compare with those dumped'),
    ],
    warnings: [
      ownersLeftOut,
      'Needs pgcrypto, postgis: extensions that the new database’s image must have.',
    ],
    scratchBytes: null,
  }
}

function making(container: string): ImportPlan['actions'] {
  return [
    { verb: 'use', text: 'postgres:17, which is there already' },
    { verb: 'volume', text: `${container}-data` },
    { verb: 'create', text: container },
    { verb: '', text: '-p 127.0.0.1:5433:5432' },
  ]
}

function ending(container: string, counted: string): ImportPlan['actions'] {
  return [
    { verb: '', text: 'by a role that may do nothing outside the new database' },
    { verb: 'count', text: counted },
    { verb: 'keep', text: `${container} only if all of it came in` },
  ]
}
