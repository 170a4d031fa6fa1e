import { queryOptions } from '@tanstack/react-query'
import { call } from '../../lib/call.ts'

/** Where backups can go, each with its last check. */
export const destinationsQuery = queryOptions({
  queryKey: ['destinations', 'list'],
  queryFn: () => call('destinations.list', {}),
})

/** How much lay at each destination, day by day; what changes backups changes today's number. */
export const storedQuery = queryOptions({
  queryKey: ['backups', 'stored'],
  queryFn: () => call('destinations.stored', {}),
})

/** The kinds of this version; they don't change while it runs. */
export const destinationKindsQuery = queryOptions({
  queryKey: ['destination-kinds'],
  queryFn: () => call('destinations.kinds', {}),
  staleTime: Infinity,
})
