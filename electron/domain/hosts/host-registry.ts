import type { HostId } from '../../../shared/contract/hosts.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Host, HostConnector, HostRecord, Publish, Stores } from '../ports.ts'
import { isUnread } from './login-secret.ts'
import { hostNews } from './host-news.ts'

export interface HostRegistry {
  record(id: HostId): HostRecord
  /** The host's lasting connection; opened at the first call. */
  get(id: HostId): Host
  /** The host, once Docker on it can be called. */
  ready(id: HostId, signal?: AbortSignal): Promise<Host>
  /** Opens what is new in the store and closes what has gone from it. */
  openAll(): Host[]
  opened(id: HostId): Host | null
  /**
   * Probes each open host at once, and tries those that are lost again. A refused login or key is
   * left to the user: tries by itself would lock the login out (fail2ban).
   */
  probeAll(): void
  /** Tries the hosts again whose login waits for the keychain or the vault: it is open now. */
  secretsReady(): void
  close(id: HostId): Promise<void>
  closeAll(): Promise<void>
  /** Calls back with each host as it is opened; returns the way to stop. */
  onOpen(listener: (record: HostRecord, host: Host) => void): () => void
}

/** One `Host` per record, for as long as this process works with it. */
export function createHostRegistry(deps: {
  stores: Stores
  connector: HostConnector
  publish: Publish
}): HostRegistry {
  const { stores, connector, publish } = deps
  const hosts = new Map<HostId, Host>()
  const listeners = new Set<(record: HostRecord, host: Host) => void>()

  const record = (id: HostId): HostRecord => {
    const found = stores.hosts.get(id)
    if (found === null) throw new QuaysideError('not_found', 'There is no such host any more.')
    return found
  }

  const get = (id: HostId): Host => {
    const open = hosts.get(id)
    if (open !== undefined) return open
    const found = record(id)
    const host = connector.open(found)
    hosts.set(id, host)
    host.onStatus(hostNews({ stores, publish }, id))
    for (const listener of listeners) listener(found, host)
    return host
  }

  const close = async (id: HostId): Promise<void> => {
    const host = hosts.get(id)
    hosts.delete(id)
    await host?.close()
  }

  const lacksSecret = ({ status: { state, error } }: Host): boolean =>
    state === 'refused' && error !== null && isUnread(error)

  /** A server has refused it, but the secret that could not be read may have been what it lacked. */
  const mayLackSecret = ({ status: { state, error } }: Host): boolean =>
    state === 'refused' && error?.facts?.['unread'] !== undefined

  /** What is missing on this computer may be there by now, and no server has refused anything. */
  const mayBeTried = (host: Host): boolean => {
    const { state, error } = host.status
    if (state !== 'refused' && state !== 'key-changed') return true
    return lacksSecret(host) || error?.code === 'agent_unavailable'
  }

  return {
    record,
    get,
    ready: async (id, signal) => {
      const host = get(id)
      await host.ready(signal)
      return host
    },
    openAll: () => {
      const known = new Set(stores.hosts.list().map((host) => host.id))
      for (const id of hosts.keys()) if (!known.has(id)) void close(id)
      return [...known].map(get)
    },
    opened: (id) => hosts.get(id) ?? null,
    probeAll: () => {
      for (const host of hosts.values()) if (mayBeTried(host)) host.reconnect()
    },
    secretsReady: () => {
      for (const host of hosts.values())
        if (lacksSecret(host) || mayLackSecret(host)) host.reconnect()
    },
    close,
    closeAll: async () => {
      await Promise.all([...hosts.keys()].map(close))
    },
    onOpen: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
