import * as z from 'zod'
import { destinationIdSchema } from '../../../../shared/contract/destinations.ts'
import { errorDataSchema } from '../../../../shared/errors.ts'
import type { DestinationLook, DestinationLookStore } from '../../../domain/ports.ts'
import type { Connection } from '../connection.ts'
import { createTable, json, jsonValue, text, whole } from '../table.ts'

const lookRow: z.ZodType<DestinationLook> = z.strictObject({
  destinationId: destinationIdSchema,
  triedAt: z.int(),
  lookedAt: z.int().nullable(),
  error: jsonValue(errorDataSchema.nullable()),
})

/** When each destination was last looked at. */
export function createDestinationLookStore(connection: Connection): DestinationLookStore {
  const table = createTable<DestinationLook>({
    connection,
    name: 'destination_looks',
    columns: {
      destinationId: text('destination_id'),
      triedAt: whole('tried_at'),
      lookedAt: whole('looked_at'),
      error: json('error'),
    },
    row: lookRow,
  })
  return {
    list: () => table.all('ORDER BY destination_id'),
    put: (look) =>
      connection.transaction(() => {
        const { destinationId, ...change } = look
        if (table.update(change, 'destination_id = ?', destinationId) > 0) return
        const here = 'SELECT 1 FROM destinations WHERE id = ?'
        // It may have been removed meanwhile.
        if (connection.get(z.unknown(), here, destinationId) !== null) table.insert(look)
      }),
  }
}
