import * as z from 'zod'
import { databaseIdSchema } from '../../../../shared/contract/databases.ts'
import type { TunnelRecord, TunnelStore } from '../../../domain/ports.ts'
import type { Connection } from '../connection.ts'
import { flagValue } from '../table.ts'

const tunnelRow = z
  .object({
    ownPort: z.int().nullable(),
    armed: flagValue,
    localPort: z.int().nullable(),
    owner: z.string().nullable(),
  })
  .transform(({ ownPort, armed, localPort, owner }): TunnelRecord => ({
    ownPort,
    armed,
    holder: localPort === null || owner === null ? null : { localPort, owner },
  }))
const heldRow = z.object({
  databaseId: databaseIdSchema,
  localPort: z.int(),
  owner: z.string(),
})
const idRow = z.object({ id: databaseIdSchema }).transform((row) => row.id)

/** What is kept of each tunnel. Whether the process that holds it still lives is for the reader to ask. */
export function createTunnelStore(connection: Connection): TunnelStore {
  return {
    get: (databaseId) =>
      connection.get(
        tunnelRow,
        `SELECT own_port AS ownPort, armed, local_port AS localPort, owner
          FROM tunnels WHERE database_id = ?`,
        databaseId,
      ),
    armed: () => connection.all(idRow, 'SELECT database_id AS id FROM tunnels WHERE armed = 1'),
    held: () =>
      connection.all(
        heldRow,
        `SELECT database_id AS databaseId, local_port AS localPort, owner FROM tunnels
          WHERE local_port IS NOT NULL AND owner IS NOT NULL`,
      ),
    // No write where nothing changes: each one is news to every other process.
    setArmed(databaseId, armed) {
      connection.run(
        `INSERT INTO tunnels (database_id, armed) VALUES (?, ?)
          ON CONFLICT (database_id) DO UPDATE SET armed = excluded.armed
          WHERE armed <> excluded.armed`,
        databaseId,
        armed ? 1 : 0,
      )
    },
    setOwnPort(databaseId, port) {
      connection.run(
        `INSERT INTO tunnels (database_id, own_port) VALUES (?, ?)
          ON CONFLICT (database_id) DO UPDATE SET own_port = excluded.own_port
          WHERE own_port IS NOT excluded.own_port`,
        databaseId,
        port,
      )
    },
    hold(databaseId, { localPort, owner }) {
      connection.run(
        `INSERT INTO tunnels (database_id, local_port, owner) VALUES (?, ?, ?)
          ON CONFLICT (database_id)
          DO UPDATE SET local_port = excluded.local_port, owner = excluded.owner`,
        databaseId,
        localPort,
        owner,
      )
    },
    release(databaseId, owner) {
      connection.run(
        'UPDATE tunnels SET local_port = NULL, owner = NULL WHERE database_id = ? AND owner = ?',
        databaseId,
        owner,
      )
    },
  }
}
