import * as z from 'zod'
import type { TunnelStore } from '../../../domain/ports.ts'
import type { Connection } from '../connection.ts'

const tunnelRow = z.object({ localPort: z.int(), owner: z.string() })

/** Who holds which tunnel. Whether that process still lives is for the reader to ask. */
export function createTunnelStore(connection: Connection): TunnelStore {
  return {
    get: (databaseId) =>
      connection.get(
        tunnelRow,
        'SELECT local_port AS localPort, owner FROM tunnels WHERE database_id = ?',
        databaseId,
      ),
    set(databaseId, { localPort, owner }) {
      connection.run(
        `INSERT INTO tunnels (database_id, local_port, owner) VALUES (?, ?, ?)
          ON CONFLICT (database_id)
          DO UPDATE SET local_port = excluded.local_port, owner = excluded.owner`,
        databaseId,
        localPort,
        owner,
      )
    },
    remove(databaseId, owner) {
      connection.run('DELETE FROM tunnels WHERE database_id = ? AND owner = ?', databaseId, owner)
    },
  }
}
