import { queryOptions } from '@tanstack/react-query'
import { call } from '../../lib/call.ts'

/** What the user has chosen. */
export const settingsQuery = queryOptions({
  queryKey: ['settings', 'all'],
  queryFn: () => call('settings.get', {}),
})

/** The app itself; it does not change while it runs. */
export const appQuery = queryOptions({
  queryKey: ['app-info'],
  queryFn: () => call('app.info', {}),
  staleTime: Infinity,
})
