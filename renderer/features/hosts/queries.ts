import { queryOptions } from '@tanstack/react-query'
import type { HostView } from '../../../shared/contract/hosts.ts'
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

/** Between two looks at a host while its page is shown, milliseconds: no event tells of its load. */
const factsBeatMs = 10_000
/** The same for its ports, each of which is tried. */
const portsBeatMs = 60_000
/** What a host told is kept as long as the window: it is shown, with its age, while none answers. */
const kept = { gcTime: Infinity, staleTime: 5_000 }

/** A host that answers is asked again and again while someone looks at it. */
function whileAnswering({ status }: HostView, beatMs: number) {
  const answers = status.state === 'ready' || (status.state === 'degraded' && status.error === null)
  return { enabled: answers, refetchInterval: answers ? beatMs : (false as const) }
}

/** What a host tells of itself. */
export const hostFactsQuery = (host: HostView) =>
  queryOptions({
    queryKey: ['host-facts', host.id],
    queryFn: () => call('hosts.facts', { id: host.id }),
    ...kept,
    ...whileAnswering(host, factsBeatMs),
  })

/** A host's open ports, tried from this computer. */
export const hostPortsQuery = (host: HostView) =>
  queryOptions({
    queryKey: ['host-ports', host.id],
    queryFn: () => call('hosts.ports', { id: host.id }),
    ...kept,
    ...whileAnswering(host, portsBeatMs),
  })
