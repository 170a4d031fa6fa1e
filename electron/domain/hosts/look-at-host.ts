import type { Service } from '../core.ts'
import type { Clock, HostConnector, Log, Stores } from '../ports.ts'
import { callHost } from './call-host.ts'
import type { HostRegistry } from './host-registry.ts'
import { readFacts } from './read-facts.ts'
import type { RecogniseServer } from './known-servers.ts'
import { readPorts, type ProbePort } from './read-ports.ts'

/** Someone waits for it, milliseconds. */
const factsMs = 15_000
/** Ports that do not answer are waited for a moment each, milliseconds. */
const portsMs = 30_000

export interface LookDeps {
  stores: Stores
  clock: Clock
  log: Log
  connector: HostConnector
  registry: HostRegistry
  probePort: ProbePort
  recognise: RecogniseServer
}

/** What a host tells of itself when it is looked at. Its facts are kept, to be shown when it is away. */
export function createHostLook(
  deps: LookDeps,
): Pick<Service<'hosts'>, 'facts' | 'lastFacts' | 'ports'> {
  const { stores, clock, log, connector, registry, probePort, recognise } = deps
  const known: Parameters<typeof readFacts>[1]['known'] = (id) => stores.databases.get(id) !== null
  return {
    facts: async ({ id }, options) => {
      const record = registry.record(id)
      const facts = await callHost(
        registry,
        { id, withinMs: factsMs, signal: options?.signal },
        (host, signal) => readFacts(host, { record, clock, known }, signal),
      )
      try {
        stores.hostFacts.put(id, facts)
      } catch (thrown) {
        // What the host told is no less true for it.
        log.warn('what a host told could not be kept', { hostId: id, reason: String(thrown) })
      }
      return facts
    },
    lastFacts: async () => stores.hostFacts.list(),
    ports: ({ id }, options) => {
      const record = registry.record(id)
      return callHost(
        registry,
        { id, withinMs: portsMs, signal: options?.signal },
        (host, signal) =>
          readPorts(host, { record, clock, connector, probePort, known, recognise }, signal),
      )
    },
  }
}
