import type { ImportPlan, ImportServerRequest } from '../../shared/contract/transfers.ts'

type Request = Pick<ImportServerRequest, 'name' | 'environment'> & { path?: string }

/** As the core tells it, see electron/domain/backups/plan-import.ts. */
export function importPlan({ path, name, environment }: Request): ImportPlan {
  const container = `${name}-${environment}-postgres`
  return {
    found:
      path === undefined
        ? 'shop on db.example.com:5432, server 16.4, 3.9 GB'
        : 'A dump in custom format, compressed by gzip, 1.2 GB',
    actions: [
      path === undefined
        ? {
            verb: 'log in',
            text: 'to shop on db.example.com:5432, from the host; nothing is changed there',
          }
        : { verb: 'read', text: `${path} to its end, and hash it` },
      { verb: 'use', text: 'postgres:17, which is there already' },
      { verb: 'volume', text: `${container}-data` },
      { verb: 'create', text: container },
      { verb: '', text: '-p 127.0.0.1:5433:5432' },
      { verb: 'send', text: '1.2 GB, hashed here and on the host' },
      { verb: 'parse', text: 'the dump to its end, then restore it' },
      { verb: '', text: 'by a role that may do nothing outside the new database' },
      { verb: 'count', text: 'the rows of every table' },
      { verb: 'keep', text: `${container} only if all of it came in` },
    ],
    warnings: [
      'Owners and grants are left out: all of it will belong to the new database’s own user.',
    ],
    scratchBytes: null,
  }
}
