import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type { TunnelView } from '../../../shared/contract/tunnels.ts'
import { portOf } from '../databases/server.ts'
import type { Clock, DatabaseRecord, Stores } from '../ports.ts'

/** How soon it is noticed that a program which held a tunnel was killed, milliseconds. */
const beatMs = 3_000

/** The tunnels that other living processes of this installation hold. */
export interface TunnelsElsewhere {
  list(): TunnelView[]
  /** The one that leads to a database; null where nobody else holds one. */
  to(record: DatabaseRecord): TunnelView | null
  holderOf(id: DatabaseId): { localPort: number } | null
  /**
   * A program that was killed tells nobody that its tunnels are gone: looks until those told of are not
   * the ones there are, and tells that. At once where there are none; one such watch runs at a time.
   */
  watch(told: readonly TunnelView[]): Promise<void>
}

export function createTunnelsElsewhere(deps: {
  stores: Stores
  clock: Clock
  /** Ends the watch. */
  signal: AbortSignal
  /** Those of this process are left out. */
  isOpenHere: (id: DatabaseId) => boolean
  onChange: () => Promise<void>
}): TunnelsElsewhere {
  const { stores, clock, signal, isOpenHere, onChange } = deps
  const { self } = stores.processes
  let watches = false

  const viewOf = (record: DatabaseRecord, localPort: number): TunnelView => ({
    databaseId: record.id,
    localPort,
    remotePort: portOf(record),
    movedFrom: null,
    armed: stores.tunnels.get(record.id)?.armed ?? false,
    elsewhere: true,
    clients: [],
    openedAt: null,
  })
  const holderOf = (id: DatabaseId): { localPort: number } | null => {
    const holder = stores.tunnels.get(id)?.holder ?? null
    if (holder === null || holder.owner === self) return null
    return stores.processes.alive().has(holder.owner) ? holder : null
  }
  const list = (): TunnelView[] => {
    const held = stores.tunnels
      .held()
      .filter(({ databaseId, owner }) => owner !== self && !isOpenHere(databaseId))
    if (held.length === 0) return []
    const alive = stores.processes.alive()
    return held.flatMap(({ databaseId, localPort, owner }) => {
      const record = stores.databases.get(databaseId)
      return alive.has(owner) && record?.state === 'ready' ? [viewOf(record, localPort)] : []
    })
  }

  return {
    list,
    holderOf,
    to: (record) => {
      const holder = holderOf(record.id)
      return holder === null ? null : viewOf(record, holder.localPort)
    },
    watch: async (told) => {
      if (watches || told.length === 0) return
      watches = true
      try {
        while (namesOf(list()) === namesOf(told)) await clock.sleep(beatMs, signal)
      } catch (thrown) {
        if (signal.aborted) return
        throw thrown
      } finally {
        watches = false
      }
      await onChange()
    },
  }
}

function namesOf(tunnels: readonly TunnelView[]): string {
  return tunnels.map(({ databaseId, localPort }) => `${databaseId} ${localPort}`).join()
}
