import { queryOptions } from '@tanstack/react-query'
import { call } from '../../lib/call.ts'

/** All hosts with their live status. */
export const hostsQuery = queryOptions({
  queryKey: ['hosts', 'list'],
  queryFn: () => call('hosts.list', {}),
})

/** What this computer knows of possible hosts: ssh config, agent, key files, its own Docker. */
export const hostSuggestionsQuery = queryOptions({
  // No event tells of a changed ssh config, so it is read anew whenever the form is opened.
  queryKey: ['host-suggestions'],
  queryFn: () => call('hosts.suggestions', {}),
  staleTime: 0,
  gcTime: 0,
})
