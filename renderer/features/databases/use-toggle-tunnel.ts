import { useQuery } from '@tanstack/react-query'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import type { TunnelView } from '../../../shared/contract/tunnels.ts'
import { call } from '../../lib/call.ts'
import { isLive } from '../../lib/database-state.ts'
import { showDone, showError } from '../../ui/toasts.tsx'
import { hostsQuery } from '../hosts/queries.ts'
import { tunnelsQuery } from '../tunnels/queries.ts'

/** Opens and closes tunnels, as its key does. */
export interface TunnelToggle {
  /** The tunnel that is open to a database. */
  tunnelOf(database: DatabaseView): TunnelView | undefined
  /** A database of this computer is reached as it is, and one that does not run not at all. */
  canToggle(database: DatabaseView): boolean
  /** Does nothing where nothing can be done; of a tunnel that a command holds it says so. */
  toggle(database: DatabaseView): void
}

export function useToggleTunnel(): TunnelToggle {
  const tunnels = useQuery(tunnelsQuery).data
  const hosts = useQuery(hostsQuery).data
  const tunnelOf = ({ id }: DatabaseView) => tunnels?.find(({ databaseId }) => databaseId === id)
  const canToggle = (database: DatabaseView) => {
    if (tunnelOf(database) !== undefined) return true
    const host = hosts?.find(({ id }) => id === database.hostId)
    return host !== undefined && host.connection.kind !== 'local' && isLive(database)
  }
  return {
    tunnelOf,
    canToggle,
    toggle(database) {
      const { id, name } = database
      if (!canToggle(database)) return
      // No mutation of a component: what came of it is said also once that one has left the screen.
      const done =
        tunnelOf(database) === undefined
          ? call('tunnels.open', { databaseId: id }).then(({ localPort }) => {
              showDone(`The tunnel to ${name} is open on 127.0.0.1:${localPort}`)
            })
          : call('tunnels.close', { databaseId: id }).then(() => {
              showDone(`The tunnel to ${name} is closed`)
            })
      done.catch(showError)
    },
  }
}
