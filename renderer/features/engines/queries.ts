import { queryOptions } from '@tanstack/react-query'
import { call } from '../../lib/call.ts'

/** The engines this version knows; they don't change while it runs. */
export const enginesQuery = queryOptions({
  queryKey: ['engines', 'list'],
  queryFn: () => call('engines.list', {}),
})
