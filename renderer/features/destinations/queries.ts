import { queryOptions } from '@tanstack/react-query'
import { call } from '../../lib/call.ts'

/** Where backups can go, each with its last check. */
export const destinationsQuery = queryOptions({
  queryKey: ['destinations', 'list'],
  queryFn: () => call('destinations.list', {}),
})

/** The kinds of this version; they don't change while it runs. */
export const destinationKindsQuery = queryOptions({
  queryKey: ['destination-kinds'],
  queryFn: () => call('destinations.kinds', {}),
  staleTime: Infinity,
})
