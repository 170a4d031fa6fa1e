import { queryOptions } from '@tanstack/react-query'
import { call } from '../../lib/call.ts'

/** The tunnels open now. */
export const tunnelsQuery = queryOptions({
  queryKey: ['tunnels', 'list'],
  queryFn: () => call('tunnels.list', {}),
})
