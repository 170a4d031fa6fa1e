import { queryOptions } from '@tanstack/react-query'
import { call } from '../../lib/call.ts'

/** What the app itself is up to: what it can't keep, an update, its end. */
export const appStateQuery = queryOptions({
  queryKey: ['app', 'state'],
  queryFn: () => call('app.state', {}),
})
