import * as z from 'zod'
import { databaseIdSchema } from '../../../../shared/contract/databases.ts'
import { hostIdSchema } from '../../../../shared/contract/hosts.ts'
import { QuaysideError } from '../../../../shared/errors.ts'
import { environmentSchema } from '../../../../shared/names.ts'
import type { DatabaseRecord, DatabaseStore } from '../../../domain/ports.ts'
import type { Connection } from '../connection.ts'
import { isReference, isTaken } from '../sqlite-error.ts'
import { createTable, flag, flagValue, json, jsonValue, text, whole } from '../table.ts'

const lastKnownSchema = z.strictObject({
  status: z.enum(['running', 'attention', 'stopped', 'failed']),
  reason: z.string().nullable(),
  startedAt: z.number().nullable(),
  since: z.number(),
  at: z.number(),
})

const databaseRow: z.ZodType<DatabaseRecord> = z.strictObject({
  id: databaseIdSchema,
  hostId: hostIdSchema,
  name: z.string(),
  environment: environmentSchema,
  engine: z.string(),
  version: z.string(),
  image: z.string(),
  containerName: z.string(),
  volumeName: z.string(),
  port: z.int().nullable(),
  user: z.string(),
  database: z.string(),
  state: z.enum(['creating', 'ready', 'trash']),
  protected: flagValue,
  createdAt: z.int(),
  deletedAt: z.int().nullable(),
  lastKnown: jsonValue(lastKnownSchema.nullable()),
})

const columns = {
  id: text('id'),
  hostId: text('host_id'),
  name: text('name'),
  environment: text('environment'),
  engine: text('engine'),
  version: text('version'),
  image: text('image'),
  containerName: text('container_name'),
  volumeName: text('volume_name'),
  port: whole('port'),
  user: text('user'),
  database: text('database'),
  state: text('state'),
  protected: flag('protected'),
  createdAt: whole('created_at'),
  deletedAt: whole('deleted_at'),
  lastKnown: json('last_known'),
}

const highestPort = 65535
const portRow = z.object({ port: z.int() }).transform((row) => row.port)
const countRow = z.object({ count: z.int() }).transform((row) => row.count)

/** Databases, oldest first; names and ports are kept apart by the schema itself. */
export function createDatabaseStore(connection: Connection): DatabaseStore {
  const table = createTable<DatabaseRecord>({
    connection,
    name: 'databases',
    columns,
    row: databaseRow,
  })
  const get: DatabaseStore['get'] = (id) => table.get('WHERE id = ?', id)
  return {
    list: () => table.all('ORDER BY created_at, id'),
    get,
    countOn: (hostId) => {
      const sql = `SELECT count(*) AS count FROM databases WHERE host_id = ? AND state <> 'trash'`
      return connection.get(countRow, sql, hostId) ?? 0
    },
    insert: (record) => explained(() => void table.insert(record)),
    update: (id, change) => explained(() => void table.update(change, 'id = ?', id)),
    setLastKnown: (id, lastKnown) => void table.update({ lastKnown }, 'id = ?', id),
    remove: (id) => void connection.run('DELETE FROM databases WHERE id = ?', id),
    reservePort: (id, from, taken) =>
      connection.transaction(() => {
        const record = get(id)
        if (record === null) throw gone('This database is no longer known.')
        if (record.port !== null && !taken.has(record.port)) return record.port
        const sql = 'SELECT port FROM databases WHERE host_id = ? AND port IS NOT NULL'
        const reserved = new Set(connection.all(portRow, sql, record.hostId))
        let port = from
        while (reserved.has(port) || taken.has(port)) port += 1
        if (port > highestPort) throw noPort(from)
        table.update({ port }, 'id = ?', id)
        return port
      }),
  }
}

function explained<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (isTaken(error, 'databases.name')) {
      throw new QuaysideError(
        'name_taken',
        'This host has a database with that name, environment and engine already.',
        { hint: 'Choose another name or environment.', field: 'name', cause: error },
      )
    }
    if (isTaken(error, 'databases.port')) {
      throw new QuaysideError('port_taken', 'Another database on this host has that port.', {
        cause: error,
      })
    }
    if (isReference(error)) throw gone('This host is no longer known.')
    throw error
  }
}

function gone(message: string): QuaysideError {
  return new QuaysideError('not_found', message, { hint: 'Look at the list again.' })
}

function noPort(from: number): QuaysideError {
  return new QuaysideError(
    'port_taken',
    `No port from ${String(from)} upward is free on this host.`,
    {
      hint: 'Purge databases in the trash, or stop other programs on the host.',
    },
  )
}
