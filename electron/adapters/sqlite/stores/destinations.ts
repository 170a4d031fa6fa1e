import * as z from 'zod'
import {
  destinationCheckedSchema,
  destinationConfigSchema,
  destinationIdSchema,
} from '../../../../shared/contract/destinations.ts'
import { QuaysideError } from '../../../../shared/errors.ts'
import type { DestinationRecord, DestinationStore } from '../../../domain/ports.ts'
import type { Connection } from '../connection.ts'
import { isTaken } from '../sqlite-error.ts'
import { createTable, json, jsonValue, text, whole } from '../table.ts'

const destinationRow: z.ZodType<DestinationRecord> = z.strictObject({
  id: destinationIdSchema,
  name: z.string(),
  kind: z.string(),
  config: jsonValue(destinationConfigSchema),
  secretNames: jsonValue(z.array(z.string())),
  createdAt: z.int(),
  lastCheck: jsonValue(destinationCheckedSchema.nullable()),
  marker: z.enum(['none', 'wanted', 'made']),
})

/** Destinations by name, upper and lower case being the same. */
export function createDestinationStore(connection: Connection): DestinationStore {
  const table = createTable<DestinationRecord>({
    connection,
    name: 'destinations',
    columns: {
      id: text('id'),
      name: text('name'),
      kind: text('kind'),
      config: json('config'),
      secretNames: json('secret_names'),
      createdAt: whole('created_at'),
      lastCheck: json('last_check'),
      marker: text('marker'),
    },
    row: destinationRow,
  })
  /** Says which name is taken, where one is. */
  const naming = (name: string | undefined, work: () => void): void => {
    try {
      work()
    } catch (error) {
      if (!isTaken(error, 'destinations.name')) throw error
      throw new QuaysideError('name_taken', `There is a destination named ${name} already.`, {
        hint: 'Choose another name.',
        field: 'name',
        cause: error,
      })
    }
  }
  return {
    list: () => table.all('ORDER BY name COLLATE NOCASE'),
    get: (id) => table.get('WHERE id = ?', id),
    insert: (record) => naming(record.name, () => table.insert(record)),
    update: (id, change) => naming(change.name, () => void table.update(change, 'id = ?', id)),
    remove: (id) => void connection.run('DELETE FROM destinations WHERE id = ?', id),
  }
}
