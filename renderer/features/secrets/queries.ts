import { queryOptions } from '@tanstack/react-query'
import { call } from '../../lib/call.ts'

/** Where passwords are kept, and whether that place is open. */
export const secretsQuery = queryOptions({
  queryKey: ['secrets', 'status'],
  queryFn: () => call('secrets.status', {}),
})
