import * as z from 'zod'
import { hostConnectionSchema, hostIdSchema } from '../../../../shared/contract/hosts.ts'
import { QuaysideError } from '../../../../shared/errors.ts'
import type { HostRecord, HostStore } from '../../../domain/ports.ts'
import type { Connection } from '../connection.ts'
import { isReference, isTaken } from '../sqlite-error.ts'
import { createTable, json, jsonValue, text, whole } from '../table.ts'

const hostRow: z.ZodType<HostRecord> = z.strictObject({
  id: hostIdSchema,
  name: z.string(),
  connection: jsonValue(hostConnectionSchema),
  baseDomain: z.string().nullable(),
  dataDirectory: z.string().nullable(),
  createdAt: z.int(),
})

/** Hosts by name, upper and lower case being the same. */
export function createHostStore(connection: Connection): HostStore {
  const table = createTable<HostRecord>({
    connection,
    name: 'hosts',
    columns: {
      id: text('id'),
      name: text('name'),
      connection: json('connection'),
      baseDomain: text('base_domain'),
      dataDirectory: text('data_directory'),
      createdAt: whole('created_at'),
    },
    row: hostRow,
  })
  return {
    list: () => table.all('ORDER BY name COLLATE NOCASE'),
    get: (id) => table.get('WHERE id = ?', id),
    insert(record) {
      try {
        table.insert(record)
      } catch (error) {
        if (!isTaken(error, 'hosts.name')) throw error
        throw new QuaysideError('name_taken', `There is a host named ${record.name} already.`, {
          hint: 'Choose another name.',
          field: 'name',
          cause: error,
        })
      }
    },
    update: (id, change) => void table.update(change, 'id = ?', id),
    remove(id) {
      try {
        connection.run('DELETE FROM hosts WHERE id = ?', id)
      } catch (error) {
        if (!isReference(error)) throw error
        throw new QuaysideError('host_in_use', 'This host still holds databases of yours.', {
          hint: 'Delete and purge them first; those in the trash count too.',
          cause: error,
        })
      }
    },
  }
}
