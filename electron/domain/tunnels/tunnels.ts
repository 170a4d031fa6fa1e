import { pipeline } from 'node:stream'
import type { Duplex } from 'node:stream'
import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type { TunnelView } from '../../../shared/contract/tunnels.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Service } from '../core.ts'
import { portOf } from '../databases/server.ts'
import type { HostRegistry } from '../hosts/host-registry.ts'
import type {
  Clock,
  DatabaseRecord,
  Log,
  Loopback,
  LoopbackPort,
  Publish,
  Stores,
} from '../ports.ts'
import { usualPort } from './usual-port.ts'

/** How long a client waits for a host that is just reconnecting, milliseconds. */
const clientWaitMs = 20_000
/** How many ports beside the usual one are tried. */
const otherPorts = 20

export interface Tunnels extends Service<'tunnels'> {
  /** The local port that leads to the database: this process's tunnel, or another one's of ours. */
  reach(databaseId: DatabaseId, signal?: AbortSignal): Promise<{ localPort: number }>
  closeAll(): Promise<void>
}

interface OpenTunnel {
  listener: LoopbackPort
  clients: Set<Duplex>
  openedAt: number
  remotePort: number
}

/** Tunnels: local ports that lead over a host's SSH connection to a database there. */
export function createTunnels(deps: {
  stores: Stores
  registry: HostRegistry
  loopback: Loopback
  clock: Clock
  publish: Publish
  log: Log
}): Tunnels {
  const { stores, registry, loopback, clock, publish, log } = deps
  const open = new Map<DatabaseId, Promise<OpenTunnel>>()
  const self = stores.processes.self
  const changed = (): void => publish({ type: 'changed', topic: 'tunnels' })

  const recordOf = (id: DatabaseId): DatabaseRecord => {
    const record = stores.databases.get(id)
    if (record === null) throw new QuaysideError('not_found', 'There is no such database any more.')
    if (record.state === 'trash') {
      throw new QuaysideError('busy', `${record.name} is in the trash.`, {
        hint: 'Bring it back first.',
      })
    }
    return record
  }

  const carry = async (id: DatabaseId, tunnel: OpenTunnel, client: Duplex): Promise<void> => {
    tunnel.clients.add(client)
    changed()
    client.once('close', () => {
      tunnel.clients.delete(client)
      changed()
    })
    // The client may go while the host is still being reached.
    client.on('error', () => client.destroy())
    const limit = AbortSignal.timeout(clientWaitMs)
    try {
      const record = recordOf(id)
      const host = await registry.ready(record.hostId, limit)
      const remote = await host.forward(portOf(record), limit)
      const settled = (end: Duplex) => (error?: Error | null) => {
        if (error) end.destroy()
      }
      pipeline(client, remote, settled(client))
      pipeline(remote, client, settled(remote))
    } catch (thrown) {
      log.warn('a tunnel could not carry a client', { database: id, reason: String(thrown) })
      client.destroy()
    }
  }

  const listen = async (id: DatabaseId, wanted: number | undefined): Promise<OpenTunnel> => {
    const remotePort = portOf(recordOf(id))
    const clients = new Set<Duplex>()
    const tunnel: OpenTunnel = {
      listener: await firstFree(loopback, id, wanted, (client) => void carry(id, tunnel, client)),
      clients,
      openedAt: clock.now(),
      remotePort,
    }
    // Another process of ours that has the usual port keeps its place: strings handed out name it.
    if (heldByOther(id) === null) {
      stores.tunnels.set(id, { localPort: tunnel.listener.port, owner: self })
    }
    changed()
    return tunnel
  }

  /** The tunnel that another living process of this installation holds. */
  const heldByOther = (id: DatabaseId): { localPort: number } | null => {
    const held = stores.tunnels.get(id)
    if (held === null || held.owner === self) return null
    return stores.processes.alive().has(held.owner) ? held : null
  }

  const ensure = (id: DatabaseId, wanted?: number): Promise<OpenTunnel> => {
    const there = open.get(id)
    if (there !== undefined) return there
    const opening = listen(id, wanted)
    open.set(id, opening)
    opening.catch(() => open.delete(id))
    return opening
  }

  const view = (databaseId: DatabaseId, tunnel: OpenTunnel): TunnelView => ({
    databaseId,
    localPort: tunnel.listener.port,
    remotePort: tunnel.remotePort,
    clients: tunnel.clients.size,
    openedAt: tunnel.openedAt,
  })

  const close = async (id: DatabaseId): Promise<void> => {
    const tunnel = open.get(id)
    if (tunnel === undefined) return
    open.delete(id)
    await (await tunnel).listener.close()
    stores.tunnels.remove(id, self)
    changed()
  }

  return {
    list: async () => {
      const tunnels = [...open].map(async ([id, tunnel]) => view(id, await tunnel))
      return Promise.all(tunnels)
    },
    open: async ({ databaseId, localPort }) => {
      const record = recordOf(databaseId)
      if (registry.record(record.hostId).connection.kind === 'local') {
        throw new QuaysideError('invalid_input', `${record.name} needs no tunnel.`, {
          hint: `It is on this computer already, at 127.0.0.1:${portOf(record)}.`,
        })
      }
      const there = open.get(databaseId)
      if (there !== undefined && localPort !== undefined) {
        if ((await there).listener.port !== localPort) await close(databaseId)
      }
      return view(databaseId, await ensure(databaseId, localPort))
    },
    close: async ({ databaseId }) => {
      await close(databaseId)
      return {}
    },
    reach: async (databaseId) => {
      const other = open.has(databaseId) ? null : heldByOther(databaseId)
      if (other !== null) return { localPort: other.localPort }
      return { localPort: (await ensure(databaseId)).listener.port }
    },
    closeAll: async () => {
      await Promise.all([...open.keys()].map(close))
    },
  }
}

/** The wanted port or nothing; else the database's usual one, or one of those behind it. */
async function firstFree(
  loopback: Loopback,
  id: DatabaseId,
  wanted: number | undefined,
  onClient: (client: Duplex) => void,
): Promise<LoopbackPort> {
  if (wanted !== undefined) return loopback.listen(wanted, onClient)
  const usual = usualPort(id)
  for (let port = usual; ; port++) {
    try {
      return await loopback.listen(port < usual + otherPorts ? port : 0, onClient)
    } catch (thrown) {
      const taken = thrown instanceof QuaysideError && thrown.code === 'tunnel_port_taken'
      if (!taken || port >= usual + otherPorts) throw thrown
    }
  }
}
