import * as z from 'zod'
import { destinationIdSchema } from '../../../../shared/contract/destinations.ts'
import type { StoredSampleStore } from '../../../domain/ports.ts'
import type { Connection } from '../connection.ts'

const sampleRow = z.object({
  destinationId: destinationIdSchema,
  day: z.int(),
  bytes: z.int(),
  copies: z.int(),
})

/** How much lay at each destination, day by day. */
export function createStoredSampleStore(connection: Connection): StoredSampleStore {
  return {
    since: (day) =>
      connection.all(
        sampleRow,
        `SELECT destination_id AS destinationId, day, bytes, copies FROM stored_samples
          WHERE day >= ? ORDER BY day, destination_id`,
        day,
      ),
    take({ day, at, oldest }) {
      connection.transaction(() => {
        // What is missing at its destination takes no room there; what is damaged does. The row is
        // left as it is where nothing has changed: a write costs more than the look.
        connection.run(
          `INSERT INTO stored_samples (destination_id, day, at, bytes, copies)
            SELECT destinations.id, ?, ?, coalesce(sum(stored_bytes), 0), count(backup_id)
            FROM destinations LEFT JOIN backup_copies ON destination_id = destinations.id
              AND coalesce(json_extract(problem, '$.code'), '') <> 'not_found'
            WHERE true GROUP BY destinations.id
            ON CONFLICT (destination_id, day) DO UPDATE
              SET at = excluded.at, bytes = excluded.bytes, copies = excluded.copies
              WHERE bytes <> excluded.bytes OR copies <> excluded.copies`,
          day,
          Math.round(at),
        )
        connection.run('DELETE FROM stored_samples WHERE day < ?', oldest)
      })
    },
  }
}
