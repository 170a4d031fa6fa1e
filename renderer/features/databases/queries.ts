import { queryOptions } from '@tanstack/react-query'
import type { CreateDatabaseInput, DatabaseId } from '../../../shared/contract/databases.ts'
import { call } from '../../lib/call.ts'

/** Every database, those in the trash among them. */
export const databasesQuery = queryOptions({
  queryKey: ['databases', 'list'],
  queryFn: () => call('databases.list', {}),
})

/** How often live numbers are read while they are on the screen, milliseconds. */
const statsBeat = 30_000

/**
 * Live numbers of a running database. An engine can't tell when they change, so this is the one
 * thing that is asked for at a beat; its key begins with no topic, lest every event asks again.
 */
export function statsQuery(id: DatabaseId) {
  return queryOptions({
    queryKey: ['database-stats', id],
    queryFn: () => call('databases.stats', { id }),
    staleTime: statsBeat,
    refetchInterval: statsBeat,
  })
}

/**
 * How to connect. Asking opens the tunnel, so it is asked once, and anew only when the tunnel's port
 * has changed; no event may open a tunnel that the user has closed.
 */
export function connectionQuery(id: DatabaseId) {
  return queryOptions({
    queryKey: ['database-connection', id],
    queryFn: () => call('databases.connection', { id }),
    gcTime: Infinity,
  })
}

/** What a create would do, as of now. */
export function planQuery(input: CreateDatabaseInput) {
  return queryOptions({
    queryKey: ['databases', 'plan', input],
    queryFn: () => call('databases.plan', input),
    staleTime: 10_000,
    gcTime: 60_000,
  })
}
