import { queryOptions } from '@tanstack/react-query'
import type {
  CreateDatabaseInput,
  DatabaseId,
  DatabaseView,
} from '../../../shared/contract/databases.ts'
import { call } from '../../lib/call.ts'
import { listItemsOf } from '../../lib/list-items-of.ts'

/** Every database, those in the trash among them. */
export const databasesQuery = queryOptions({
  queryKey: ['databases', 'list'],
  queryFn: () => call('databases.list', {}),
})

/** Each of them by itself. */
export const databaseItems = listItemsOf<DatabaseView>(databasesQuery)

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
