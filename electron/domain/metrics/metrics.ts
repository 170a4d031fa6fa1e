import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type { HostId } from '../../../shared/contract/hosts.ts'
import type { Service } from '../core.ts'
import { openSession } from '../databases/server.ts'
import type { Engines } from '../engines.ts'
import type { HostRegistry } from '../hosts/host-registry.ts'
import type { Clock, Log, Publish, Secrets, Stores } from '../ports.ts'
import { createHostLoop, type HostLoop } from './host-loop.ts'
import { createSampleMemory } from './sample-memory.ts'
import { createWatchers } from './watchers.ts'

export interface Metrics extends Service<'metrics'> {
  /** Containers may have come or gone. */
  changed(): void
  stop(): Promise<void>
}

/**
 * Live statistics: measured for as long as someone looks, one loop for each host, close up every two
 * seconds and else at a slow beat.
 */
export function createMetrics(deps: {
  stores: Stores
  secrets: Secrets
  registry: HostRegistry
  engines: Engines
  clock: Clock
  publish: Publish
  log: Log
}): Metrics {
  const { stores, secrets, registry, engines, clock, publish, log } = deps
  const watchers = createWatchers(() => performance.now())
  const memory = createSampleMemory()
  const loops = new Map<HostId, { loop: HostLoop; ended: Promise<void> }>()
  const life = new AbortController()

  /** What is looked at, by host. Records that are gone or in the trash are not measured. */
  const lookedAt = (): Map<HostId, Map<DatabaseId, number>> => {
    const byHost = new Map<HostId, Map<DatabaseId, number>>()
    for (const [id, beat] of watchers.beats()) {
      const record = stores.databases.get(id)
      if (record?.state !== 'ready') continue
      const beats = byHost.get(record.hostId) ?? new Map<DatabaseId, number>()
      byHost.set(record.hostId, beats.set(id, beat))
    }
    return byHost
  }

  const start = (hostId: HostId): void => {
    const loop = createHostLoop({
      hostId,
      registry,
      clock,
      log,
      looked: () => lookedAt().get(hostId) ?? new Map<DatabaseId, number>(),
      openSession: (host, id, signal) => {
        const record = stores.databases.get(id)
        if (record === null) throw new Error('the database is gone')
        return openSession({ host, engine: engines.get(record.engine), secrets, record }, signal)
      },
      tell: (samples) => {
        for (const { databaseId, sample } of samples) memory.add(databaseId, sample)
        publish({ type: 'stats', hostId, samples })
      },
    })
    const ended = loop
      .run(life.signal)
      .catch((thrown: unknown) => log.error('the statistics of a host ended', thrown, { hostId }))
      .finally(() => loops.delete(hostId))
    loops.set(hostId, { loop, ended })
  }

  return {
    watch: async ({ watcher, close, inView }) => {
      watchers.set(watcher, { close, inView })
      memory.prune(clock.now())
      for (const hostId of lookedAt().keys()) {
        if (!loops.has(hostId) && !life.signal.aborted) start(hostId)
      }
      // Also the loops whose last look this took away: they end at once.
      for (const { loop } of loops.values()) loop.wake()
      return {}
    },
    history: async ({ ids, points }) =>
      ids.map((databaseId) => ({
        databaseId,
        samples: memory.of(databaseId, points, clock.now()),
      })),
    changed: () => {
      for (const { loop } of loops.values()) loop.changed()
    },
    stop: async () => {
      life.abort()
      await Promise.all([...loops.values()].map(({ ended }) => ended))
    },
  }
}
