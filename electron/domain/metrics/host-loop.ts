import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type { HostId } from '../../../shared/contract/hosts.ts'
import type { StatsNews } from '../../../shared/contract/metrics.ts'
import { closeBeatMs, statsLeaseMs } from '../../../shared/contract/metrics.ts'
import type { EngineSession } from '../../engines/engine.ts'
import { databaseIdOf, ourContainers } from '../databases/labels.ts'
import type { HostRegistry } from '../hosts/host-registry.ts'
import type { Clock, Host, Log } from '../ports.ts'
import { createContainerReader, type ContainerReader } from './container-reader.ts'
import { createEngineWatch, type EngineWatch } from './engine-watch.ts'
import { containerPart, enginePart, type ContainerReading } from './rates.ts'
import { isAborted } from '../is-aborted.ts'

/** A beat that comes a little early is as good, milliseconds. */
const slackMs = 100
/** The containers are listed anew no more often, milliseconds. */
const listEveryMs = 5_000
/** How long a beat waits for its engines; a slow one is unknown in this beat, milliseconds. */
const engineMs = 1_500
/** After a beat that failed, milliseconds. */
const restMs = 5_000

export interface HostLoopDeps {
  hostId: HostId
  registry: HostRegistry
  clock: Clock
  log: Log
  /** The databases of this host that are looked at, with their beats in milliseconds. */
  looked: () => ReadonlyMap<DatabaseId, number>
  openSession: (host: Host, id: DatabaseId, signal: AbortSignal) => Promise<EngineSession>
  tell: (news: StatsNews) => void
}

/** The measuring of one host. */
export interface HostLoop {
  /** Runs until no one looks at this host any more, or the signal. */
  run(signal: AbortSignal): Promise<void>
  /** Someone looks at more: what is due is measured at once. */
  wake(): void
  /** Containers may have come or gone. */
  changed(): void
}

interface Watched {
  engine: EngineWatch
  container: { id: string; reading: ContainerReading } | null
}

export function createHostLoop(deps: HostLoopDeps): HostLoop {
  const { hostId, registry, clock, log, looked, openSession, tell } = deps
  const watched = new Map<DatabaseId, Watched>()
  /** When the last beat of each began, on a clock that never jumps. */
  const lastBeats = new Map<DatabaseId, number>()
  /** Those with two beats behind them: a rate needs two, so the second comes soon in any case. */
  const warm = new Set<DatabaseId>()
  let containers = new Map<DatabaseId, string>()
  let listedAt = -Infinity
  let stale = true
  let reader: { host: Host; reader: ContainerReader } | null = null
  /** Ends the rest after the beat under way. */
  let alarm = new AbortController()

  const readerOf = (host: Host): ContainerReader => {
    if (reader?.host !== host) {
      reader?.reader.close()
      reader = { host, reader: createContainerReader(host, log) }
    }
    return reader.reader
  }

  const list = async (host: Host, signal: AbortSignal): Promise<void> => {
    if (!stale || performance.now() - listedAt < listEveryMs) return
    listedAt = performance.now()
    stale = false
    const next = new Map<DatabaseId, string>()
    for (const { id, state, labels } of await host
      .docker()
      .listContainers(ourContainers, { signal })) {
      const databaseId = databaseIdOf(labels)
      if (databaseId !== null && state === 'running') next.set(databaseId, id)
    }
    containers = next
  }

  const watchedOf = (host: Host, id: DatabaseId): Watched => {
    const known = watched.get(id)
    if (known !== undefined) return known
    const engine = createEngineWatch((signal) => openSession(host, id, signal))
    const fresh: Watched = { engine, container: null }
    watched.set(id, fresh)
    return fresh
  }

  const drop = (id: DatabaseId): void => {
    watched.get(id)?.engine.close()
    watched.delete(id)
  }

  /** Who is not looked at any more costs nothing any more. */
  const dropRest = (beats: ReadonlyMap<DatabaseId, number>): void => {
    for (const id of [...watched.keys()]) if (!beats.has(id)) drop(id)
  }

  const beat = async (ids: readonly DatabaseId[], signal: AbortSignal): Promise<void> => {
    const within = AbortSignal.any([signal, AbortSignal.timeout(statsLeaseMs)])
    const host = await registry.ready(hostId, within)
    if (ids.some((id) => !containers.has(id))) stale = true
    await list(host, within)
    const running = ids.flatMap((id) => {
      const containerId = containers.get(id)
      return containerId === undefined ? [] : [{ id, containerId }]
    })
    // A server that starts again is a new one: neither its totals nor its failures go on.
    for (const id of ids) if (!containers.has(id)) drop(id)
    if (running.length === 0) return
    const asked = running.map(({ id }) => watchedOf(host, id).engine.ask(engineMs))
    const readings = await readerOf(host).read(
      running.map(({ containerId }) => containerId),
      within,
    )
    const engines = await Promise.all(asked)
    const at = clock.now()
    const news = running.flatMap(({ id, containerId }, index) => {
      const one = watchedOf(host, id)
      const reading = readings.get(containerId) ?? null
      const before = one.container?.id === containerId ? one.container.reading : null
      one.container = reading === null ? null : { id: containerId, reading }
      if (reading === null) {
        stale = true
        drop(id)
        return []
      }
      const engine = engines[index] ?? null
      return {
        databaseId: id,
        sample: {
          at,
          ...containerPart(before, reading),
          ...enginePart(engine?.before ?? null, engine?.after ?? null),
          maxConnections: engine?.stats.maxConnections ?? null,
          sizeBytes: engine?.stats.sizeBytes ?? null,
          serverVersion: engine?.stats.serverVersion ?? null,
        },
      }
    })
    if (news.length > 0) tell(news)
  }

  /** Measures what is due; gives the time until the next is. */
  const step = async (
    beats: ReadonlyMap<DatabaseId, number>,
    signal: AbortSignal,
  ): Promise<number> => {
    const begun = performance.now()
    const wait = (id: DatabaseId, ms: number): number =>
      (lastBeats.get(id) ?? -Infinity) + (warm.has(id) ? ms : closeBeatMs) - performance.now()
    const due = [...beats].filter(([id, ms]) => wait(id, ms) <= slackMs).map(([id]) => id)
    for (const id of due) {
      if (lastBeats.has(id)) warm.add(id)
      lastBeats.set(id, begun)
    }
    for (const id of lastBeats.keys()) {
      if (beats.has(id)) continue
      lastBeats.delete(id)
      warm.delete(id)
    }
    if (due.length > 0) await beat(due, signal)
    return Math.max(0, Math.min(...[...beats].map(([id, ms]) => wait(id, ms))))
  }

  return {
    run: async (signal) => {
      try {
        for (;;) {
          // Before it is asked who looks: who comes from here on, also amid the beat, is not slept through.
          alarm = new AbortController()
          const beats = looked()
          dropRest(beats)
          if (beats.size === 0 || isAborted(signal)) return
          let wait = restMs
          try {
            wait = await step(beats, signal)
          } catch (thrown) {
            if (!isAborted(signal))
              log.info('no statistics for now', { hostId, reason: String(thrown) })
          }
          const woken = AbortSignal.any([signal, alarm.signal])
          await clock.sleep(wait, woken).catch(() => undefined)
        }
      } finally {
        dropRest(new Map())
        reader?.reader.close()
      }
    },
    wake: () => alarm.abort(),
    changed: () => {
      stale = true
    },
  }
}
