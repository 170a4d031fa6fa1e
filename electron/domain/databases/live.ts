import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type { HostId } from '../../../shared/contract/hosts.ts'
import { callHost } from '../hosts/call-host.ts'
import { firstAnswer } from '../hosts/first-answer.ts'
import type { HostRegistry } from '../hosts/host-registry.ts'
import type { Clock, DatabaseRecord, Docker, LastKnown, Log, Publish, Stores } from '../ports.ts'
import { knowledgeOf } from './container-status.ts'
import { databaseIdOf, ourContainers } from './labels.ts'

/** A full listing reconciles what the event stream may have missed, every so many milliseconds. */
const reconcileMs = 4 * 60_000
/** How long a one-time look may take, milliseconds; a silent host is given up much sooner. */
const lookMs = 10_000

/** What hosts tell of their databases, kept fresh by Docker's event streams. */
export interface LiveView {
  /** What the host says now; null while it does not answer. */
  stateOf(record: DatabaseRecord): LastKnown | 'missing' | null
  /** Follows a host for as long as it is open. */
  follow(hostId: HostId): void
  /** Looks once at each of these hosts, in parallel; one that does not answer stays unknown. */
  look(hostIds: Iterable<HostId>, signal?: AbortSignal): Promise<void>
  stop(): void
}

interface HostView {
  /** Null while what is known is not of this connection. */
  databases: Map<DatabaseId, LastKnown> | null
  following: AbortController | null
}

export function createLiveView(deps: {
  stores: Stores
  registry: HostRegistry
  clock: Clock
  publish: Publish
  log: Log
}): LiveView {
  const { stores, registry, clock, publish, log } = deps
  const hosts = new Map<HostId, HostView>()

  const viewOf = (id: HostId): HostView => {
    const known = hosts.get(id)
    if (known !== undefined) return known
    const fresh: HostView = { databases: null, following: null }
    hosts.set(id, fresh)
    return fresh
  }

  const list = async (id: HostId, docker: Docker, signal: AbortSignal): Promise<void> => {
    const view = viewOf(id)
    const containers = await docker.listContainers(ourContainers, { signal })
    const before = view.databases
    const now = clock.now()
    const next = new Map<DatabaseId, LastKnown>()
    await Promise.all(
      containers.map(async (container) => {
        const databaseId = databaseIdOf(container.labels)
        if (databaseId === null) return
        const known = before?.get(databaseId) ?? stores.databases.get(databaseId)?.lastKnown ?? null
        next.set(databaseId, await knowledgeOf(docker, container, known, now, signal))
      }),
    )
    view.databases = next
    stores.transaction(() => {
      for (const record of stores.databases.list()) {
        const known = next.get(record.id)
        if (record.hostId === id && known !== undefined && differs(record.lastKnown, known)) {
          stores.databases.setLastKnown(record.id, known)
        }
      }
    })
    publish({ type: 'changed', topic: 'databases' })
  }

  /** Lists, then follows the events until the link or the daemon goes; lists again every few minutes. */
  const followOnce = async (id: HostId, signal: AbortSignal): Promise<void> => {
    const host = await registry.ready(id, signal)
    const docker = host.docker()
    const round = new AbortController()
    const both = AbortSignal.any([signal, round.signal])
    const timer = setInterval(() => round.abort(), reconcileMs)
    try {
      // Subscribed before the listing, so that nothing falls between the two.
      const events = docker.events(ourContainers, { signal: both })[Symbol.asyncIterator]()
      let next = events.next()
      await list(id, docker, both)
      for (;;) {
        const { done } = await next
        if (done === true) return
        // Several events come at once (stop, die, rename …): one listing answers them all.
        await clock.sleep(30, both)
        next = events.next()
        await list(id, docker, both)
      }
    } catch (thrown) {
      if (!round.signal.aborted || signal.aborted) throw thrown
    } finally {
      clearInterval(timer)
      round.abort()
    }
  }

  const followForever = async (id: HostId, signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      try {
        await followOnce(id, signal)
      } catch (thrown) {
        if (isAborted(signal)) return
        // Removed meanwhile: there is nobody to follow any more.
        if (stores.hosts.get(id) === null) {
          hosts.delete(id)
          return
        }
        viewOf(id).databases = null
        publish({ type: 'changed', topic: 'databases' })
        log.warn('a host is not followed for now', { host: id, reason: String(thrown) })
        await untilReady(id, signal)
      }
    }
  }

  /** A host that needs the user rejects at once; then its next change of status is waited for. */
  const untilReady = async (id: HostId, signal: AbortSignal): Promise<void> => {
    const host = registry.get(id)
    if (host.status.state === 'ready' || host.status.state === 'degraded') {
      await clock.sleep(1_000, signal).catch(() => undefined)
      return
    }
    await new Promise<void>((resolve) => {
      const finish = (): void => {
        unsubscribe()
        signal.removeEventListener('abort', finish)
        resolve()
      }
      const unsubscribe = host.onStatus(finish)
      signal.addEventListener('abort', finish)
    })
  }

  return {
    stateOf: (record) => {
      const host = registry.opened(record.hostId)
      const answers = host?.status.state === 'ready' || host?.status.state === 'degraded'
      const databases = hosts.get(record.hostId)?.databases
      if (!answers || databases === null || databases === undefined) return null
      return databases.get(record.id) ?? 'missing'
    },
    follow: (id) => {
      const view = viewOf(id)
      if (view.following !== null) return
      const controller = new AbortController()
      view.following = controller
      void followForever(id, controller.signal)
    },
    look: async (hostIds, signal) => {
      await Promise.all(
        [...hostIds].map(async (id) => {
          try {
            const host = registry.get(id)
            await firstAnswer(host, signal)
            if (host.status.state === 'connecting') throw new Error('It has not answered yet.')
            await callHost(registry, { id, withinMs: lookMs, signal }, (ready, within) =>
              list(id, ready.docker(), within),
            )
          } catch (thrown) {
            // Unknown is an answer: the host's status says why.
            viewOf(id).databases = null
            log.warn('a host could not be looked at', { host: id, reason: String(thrown) })
          }
        }),
      )
    },
    stop: () => {
      for (const view of hosts.values()) view.following?.abort()
    },
  }
}

/** Asked anew: what was known before an `await` may have changed. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}

/** Whether a row is worth writing: the time of the last look alone is written once a minute. */
function differs(before: LastKnown | null, after: LastKnown): boolean {
  return (
    before === null ||
    before.status !== after.status ||
    before.reason !== after.reason ||
    before.startedAt !== after.startedAt ||
    // Also back: after the clock was set back, the old time would lie ahead for long.
    Math.abs(after.at - before.at) > 60_000
  )
}
