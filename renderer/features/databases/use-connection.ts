import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { ConnectionView, DatabaseView } from '../../../shared/contract/databases.ts'
import { isLive } from '../../lib/database-state.ts'
import type { TunnelView } from '../../../shared/contract/tunnels.ts'
import { showError } from '../../ui/toasts.tsx'
import { call } from '../../lib/call.ts'
import { tunnelsQuery } from '../tunnels/queries.ts'
import { connectionQuery } from './queries.ts'

/** How to connect to a database, with its tunnel and, once asked for, its password. */
export interface Connection {
  view: ConnectionView | undefined
  pending: boolean
  error: Error | null
  tryAgain(): void
  /** The tunnel of this app or of a command, once the list has told of it. */
  tunnel: TunnelView | undefined
  /** The open tunnel's port on this computer; null while none is open. */
  localPort: number | null
  /** The password in clear while it is shown. */
  password: string | null
  togglePassword(): void
}

/** Asks how to connect while the database runs; follows its tunnel from then on. */
export function useConnection(database: DatabaseView): Connection {
  const { id } = database
  const live = isLive(database)
  const query = useQuery({ ...connectionQuery(id), enabled: live })
  const tunnels = useQuery(tunnelsQuery)
  const tunnel = tunnels.data?.find((each) => each.databaseId === id)
  const { data: view, refetch } = query
  const [password, setPassword] = useState<string | null>(null)

  // Asking how to connect has opened the tunnel; the list may not have told of it yet.
  const justOpened =
    view?.tunnel === true && tunnels.dataUpdatedAt < query.dataUpdatedAt ? view.port : null
  const moved =
    live &&
    view !== undefined &&
    view.tunnel &&
    tunnel !== undefined &&
    tunnel.localPort !== view.port
  useEffect(() => {
    if (moved) void refetch()
  }, [moved, refetch])

  return {
    view,
    pending: live && query.isPending,
    error: query.error,
    tryAgain: () => void refetch(),
    tunnel,
    localPort: tunnel?.localPort ?? justOpened,
    password,
    togglePassword: () => {
      if (password !== null) {
        setPassword(null)
        return
      }
      call('databases.reveal', { id }).then((revealed) => {
        setPassword(revealed.password)
      }, showError)
    },
  }
}
