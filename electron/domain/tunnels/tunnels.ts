import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type { TunnelView } from '../../../shared/contract/tunnels.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { QuaysideEvent } from '../../../shared/events.ts'
import type { Service } from '../core.ts'
import { databaseOf } from '../databases/database-of.ts'
import { portOf } from '../databases/server.ts'
import type { HostRegistry } from '../hosts/host-registry.ts'
import type { Clock, DatabaseRecord, Log, Loopback, Publish, Stores } from '../ports.ts'
import { createThrottle } from '../throttle.ts'
import { openTunnel, type OpenTunnel } from './open-tunnel.ts'
import { reachPort } from './reach-port.ts'
import { createTunnelsElsewhere } from './tunnels-elsewhere.ts'
import { usualPort } from './usual-port.ts'

/** Clients that come and go by the hundred are told this seldom, milliseconds. */
const newsGapMs = 100

export interface Tunnels extends Service<'tunnels'> {
  /**
   * The local port that leads to the database: this process's tunnel, or another one's of ours.
   * @param arm also whenever the app runs, until the user closes the tunnel
   */
  reach(databaseId: DatabaseId, arm?: boolean): Promise<{ localPort: number }>
  /** Opens what the user has armed and no other process holds; closes what leads nowhere any more. */
  settle(): Promise<void>
  closeAll(): Promise<void>
}

/** Tunnels: local ports that lead over a host's SSH connection to a database there. */
export function createTunnels(deps: {
  stores: Stores
  registry: HostRegistry
  loopback: Loopback
  clock: Clock
  publish: Publish
  log: Log
  /** True in the app: what is opened there is armed, and opened again with its next start. */
  keeps: () => boolean
}): Tunnels {
  const { stores, registry, loopback, clock, publish, log, keeps } = deps
  const open = new Map<DatabaseId, Promise<OpenTunnel>>()
  const self = stores.processes.self
  const closing = new AbortController()
  const publishNews = createThrottle<QuaysideEvent>(
    { gapMs: newsGapMs, clock, signal: closing.signal, merge: (_held, next) => next },
    publish,
  )
  const changed = (): void => publishNews('tunnels', { type: 'changed', topic: 'tunnels' })
  const elsewhere = createTunnelsElsewhere({
    stores,
    clock,
    signal: closing.signal,
    isOpenHere: (id) => open.has(id),
    onChange: () => {
      changed()
      return settle()
    },
  })

  const recordOf = (id: DatabaseId): DatabaseRecord => {
    const record = databaseOf(stores, id)
    if (record.state === 'trash') {
      throw new QuaysideError('busy', `${record.name} is in the trash.`, {
        hint: 'Bring it back first.',
      })
    }
    return record
  }

  const listen = async (id: DatabaseId, wanted: number | undefined): Promise<OpenTunnel> => {
    const ownPort = stores.tunnels.get(id)?.ownPort ?? usualPort(id)
    const tunnel = await openTunnel(
      {
        loopback,
        clock,
        log,
        changed,
        reach: (signal) => {
          const record = recordOf(id)
          return reachPort({ host: registry.get(record.hostId), clock }, portOf(record), signal)
        },
      },
      { databaseId: id, remotePort: portOf(recordOf(id)), ownPort, wanted },
    )
    // Another process of ours that has the database's port keeps its place: strings handed out name it.
    if (elsewhere.holderOf(id) === null) {
      const { localPort } = tunnel
      stores.tunnels.hold(id, { localPort, owner: self })
      // It stays where it has moved to: the strings copied from now on name this one.
      if (wanted === undefined && localPort !== ownPort) stores.tunnels.setOwnPort(id, localPort)
    }
    changed()
    return tunnel
  }

  const ensure = (id: DatabaseId, wanted?: number): Promise<OpenTunnel> => {
    const there = open.get(id)
    if (there !== undefined) return there
    const opening = listen(id, wanted)
    open.set(id, opening)
    opening.catch(() => open.delete(id))
    return opening
  }

  const arm = (id: DatabaseId): void => {
    if (keeps() && stores.tunnels.get(id)?.armed !== true) {
      stores.tunnels.setArmed(id, true)
      changed()
    }
  }

  const view = async (id: DatabaseId, tunnel: OpenTunnel): Promise<TunnelView> => {
    const armed = stores.tunnels.get(id)?.armed ?? false
    return { ...(await tunnel.view()), armed, elsewhere: false }
  }

  const close = async (id: DatabaseId): Promise<void> => {
    const tunnel = open.get(id)
    if (tunnel === undefined) return
    open.delete(id)
    await (await tunnel).close()
    stores.tunnels.release(id, self)
    changed()
  }

  const openArmed = async (id: DatabaseId): Promise<void> => {
    if (open.has(id) || elsewhere.holderOf(id) !== null) return
    // In the trash it waits; the undelete is news that brings it back.
    if (stores.databases.get(id)?.state !== 'ready') return
    await ensure(id)
  }

  const settle = async (): Promise<void> => {
    if (closing.signal.aborted) return
    const senseless = [...open.keys()].filter((id) => {
      const state = stores.databases.get(id)?.state
      return state === undefined || state === 'trash'
    })
    await Promise.all(senseless.map(close))
    const opened = keeps() ? stores.tunnels.armed().map(openArmed) : []
    for (const each of await Promise.allSettled(opened)) {
      if (each.status === 'rejected') log.error('a tunnel could not be armed', each.reason)
    }
  }

  return {
    list: async () => {
      const others = elsewhere.list()
      if (keeps()) {
        elsewhere.watch(others).catch((thrown: unknown) => {
          log.error('the holders of tunnels are no longer watched', thrown)
        })
      }
      const own = [...open].map(async ([id, tunnel]) => view(id, await tunnel))
      return [...(await Promise.all(own)), ...others]
    },
    open: async ({ databaseId, localPort }) => {
      const record = recordOf(databaseId)
      if (registry.record(record.hostId).connection.kind === 'local') {
        throw new QuaysideError('invalid_input', `${record.name} needs no tunnel.`, {
          hint: `It is on this computer already, at 127.0.0.1:${portOf(record)}.`,
        })
      }
      const there = open.get(databaseId)
      // A command that is asked for a tunnel holds one itself, for as long as it runs.
      const other = there === undefined && keeps() ? elsewhere.to(record) : null
      if (other !== null && localPort === undefined) {
        arm(databaseId)
        return { ...other, armed: true }
      }
      if (there !== undefined && localPort !== undefined) {
        if ((await there).localPort !== localPort) await close(databaseId)
      }
      const tunnel = await ensure(databaseId, localPort)
      arm(databaseId)
      return view(databaseId, tunnel)
    },
    close: async ({ databaseId }) => {
      if (keeps()) {
        const other = open.has(databaseId) ? null : elsewhere.holderOf(databaseId)
        if (other !== null) throw closedElsewhere()
        stores.tunnels.setArmed(databaseId, false)
      }
      await close(databaseId)
      return {}
    },
    reach: async (databaseId, armed = false) => {
      const other = open.has(databaseId) ? null : elsewhere.holderOf(databaseId)
      const { localPort } = other ?? (await ensure(databaseId))
      if (armed) arm(databaseId)
      return { localPort }
    },
    settle,
    closeAll: async () => {
      closing.abort(new Error('Quayside ends.'))
      await Promise.all([...open.keys()].map(close))
    },
  }
}

function closedElsewhere(): QuaysideError {
  return new QuaysideError('busy', 'A Quayside command holds this tunnel: it alone can close it.', {
    hint: 'It closes when that command ends, with Ctrl-C in its terminal.',
  })
}
