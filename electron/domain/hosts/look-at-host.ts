import type { Service } from '../core.ts'
import type { Clock, HostConnector, Stores } from '../ports.ts'
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
  connector: HostConnector
  registry: HostRegistry
  probePort: ProbePort
  recognise: RecogniseServer
}

/** What a host tells of itself when it is looked at; nothing of it is kept. */
export function createHostLook(deps: LookDeps): Pick<Service<'hosts'>, 'facts' | 'ports'> {
  const { stores, clock, connector, registry, probePort, recognise } = deps
  const known: Parameters<typeof readFacts>[1]['known'] = (id) => stores.databases.get(id) !== null
  return {
    facts: ({ id }, options) => {
      const record = registry.record(id)
      return callHost(
        registry,
        { id, withinMs: factsMs, signal: options?.signal },
        (host, signal) => readFacts(host, { record, clock, known }, signal),
      )
    },
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
