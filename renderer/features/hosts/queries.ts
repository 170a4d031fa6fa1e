import { queryOptions, useQuery } from '@tanstack/react-query'
import type { HostFacts } from '../../../shared/contract/host-look.ts'
import type { HostView } from '../../../shared/contract/hosts.ts'
import { isAnswering } from '../../../shared/host-status.ts'
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
function whileAnswering(host: HostView, beatMs: number) {
  const enabled = isAnswering(host.status)
  return { enabled, refetchInterval: enabled ? beatMs : (false as const) }
}

/** What a host tells of itself. */
const hostFactsQuery = (host: HostView) =>
  queryOptions({
    queryKey: ['host-facts', host.id],
    queryFn: () => call('hosts.facts', { id: host.id }),
    ...kept,
    ...whileAnswering(host, factsBeatMs),
  })

/** What each host told when it was last asked, as it is kept over restarts. */
const keptFactsQuery = queryOptions({
  queryKey: ['kept-host-facts'],
  queryFn: () => call('hosts.lastFacts', {}),
  staleTime: 5_000,
  // Hosts that answer are asked every few minutes behind the window; no event tells of it.
  refetchInterval: 60_000,
})

/** What a host was like when it was last asked, and whether that was while it still answered. */
export interface KnownFacts {
  facts: HostFacts | undefined
  /** It is not known whether it is so now: the age belongs beside it. */
  old: boolean
}

/** What a host tells of itself; before it answers and while it does not, what it told last. */
export function useHostFacts(host: HostView): KnownFacts {
  const query = hostFactsQuery(host)
  const told = useQuery(query).data
  const kept = useKeptFacts(host)
  const facts = told ?? kept
  return { facts, old: facts !== undefined && (told === undefined || !query.enabled) }
}

/** What a host told when it was last asked, if it ever was. */
export function useKeptFacts({ id }: HostView): HostFacts | undefined {
  return useQuery(keptFactsQuery).data?.find(({ hostId }) => hostId === id)?.facts
}

/** A host's open ports, tried from this computer. */
export const hostPortsQuery = (host: HostView) =>
  queryOptions({
    queryKey: ['host-ports', host.id],
    queryFn: () => call('hosts.ports', { id: host.id }),
    ...kept,
    ...whileAnswering(host, portsBeatMs),
  })
