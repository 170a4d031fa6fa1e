import { mostRead, type DatabaseId } from '../../../shared/contract/databases.ts'
import type { HostId } from '../../../shared/contract/hosts.ts'
import { isAnswering } from '../../../shared/host-status.ts'
import type { StoreTrouble } from '../app/store-trouble.ts'
import { callHost } from '../hosts/call-host.ts'
import { firstAnswer } from '../hosts/first-answer.ts'
import type { HostRegistry } from '../hosts/host-registry.ts'
import type { Clock, DatabaseRecord, Docker, LastKnown, Log, Publish, Stores } from '../ports.ts'
import { knowledgeOf, statusOf } from './container-status.ts'
import { tellDatabases, tellDatabasesOn } from './database-news.ts'
import { databaseIdOf, ourContainers } from './labels.ts'
import { keepLastKnown } from './last-known.ts'
import { gatherTouched } from './touched-containers.ts'
import { isAborted } from '../is-aborted.ts'

/** A full listing reconciles what the event stream may have missed, every so many milliseconds. */
const reconcileMs = 4 * 60_000
/** How long a one-time look may take, milliseconds; a silent host is given up much sooner. */
const lookMs = 10_000
/** What this computer could not keep is tried again after this, milliseconds. */
const keepAgainMs = 15_000

/** What hosts tell of their databases, kept fresh by Docker's event streams. */
export interface LiveView {
  /** What the host says now; null while it does not answer. */
  stateOf(record: DatabaseRecord): LastKnown | 'missing' | null
  /** When its state was known last, epoch milliseconds; null where it never was. */
  lastHeard(record: DatabaseRecord): number | null
  /** Follows a host for as long as it is open. */
  follow(hostId: HostId): void
  /** Looks once at each of these hosts, in parallel; one that does not answer stays unknown. */
  look(hostIds: Iterable<HostId>, signal?: AbortSignal): Promise<void>
  stop(): void
}

interface HostView {
  /** Null while what is known is not of this connection. */
  databases: Map<DatabaseId, LastKnown> | null
  /** When it was last heard of a host whose databases are known: what its events tell is true by then. */
  heardAt: number | null
  /** What it told could not be kept, and will be tried again. */
  keepsAgain: boolean
  following: AbortController | null
}

export function createLiveView(deps: {
  stores: Stores
  registry: HostRegistry
  clock: Clock
  publish: Publish
  log: Log
  storeTrouble: StoreTrouble
}): LiveView {
  const { stores, registry, clock, publish, log } = deps
  const hosts = new Map<HostId, HostView>()

  const viewOf = (id: HostId): HostView => {
    const known = hosts.get(id)
    if (known !== undefined) return known
    const fresh: HostView = { databases: null, heardAt: null, keepsAgain: false, following: null }
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
    view.heardAt = now
    remember(id, next)
    // Of a host that has just answered, each database is news: also one whose container is missing.
    if (before === null) return tellDatabasesOn(deps, id)
    const either = new Set([...before.keys(), ...next.keys()])
    const news = [...either].filter((each) => isNews(before.get(each), next.get(each)))
    tellDatabases(publish, news)
  }

  /** Reads what Docker's events were about, and no more: a host may hold hundreds. */
  const readAgain = async (
    id: HostId,
    docker: Docker,
    containers: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<void> => {
    if (containers.size > mostRead) return list(id, docker, signal)
    const details = await Promise.all(
      [...containers].map((container) => docker.inspectContainer(container, { signal })),
    )
    const view = viewOf(id)
    const { databases } = view
    // Whose container a removed one was, it no longer says.
    if (databases === null || details.includes(null)) return list(id, docker, signal)
    const now = clock.now()
    const read = new Map<DatabaseId, LastKnown>()
    for (const detail of details) {
      const databaseId = detail === null ? null : databaseIdOf(detail.labels)
      if (detail !== null && databaseId !== null) read.set(databaseId, statusOf(detail, now))
    }
    view.heardAt = now
    remember(id, read)
    const news = [...read].filter(([each, known]) => isNews(databases.get(each), known))
    for (const [each, known] of read) databases.set(each, known)
    tellDatabases(
      publish,
      news.map(([each]) => each),
    )
  }

  /** Keeps what is known for the time in which the host does not answer. */
  const remember = (hostId: HostId, now: ReadonlyMap<DatabaseId, LastKnown>): void => {
    const view = viewOf(hostId)
    const { following } = view
    if (keepLastKnown(deps, hostId, now) || view.keepsAgain || following === null) return
    view.keepsAgain = true
    clock
      .sleep(keepAgainMs, following.signal)
      .then(() => {
        view.keepsAgain = false
        remember(hostId, view.databases ?? new Map())
      })
      .catch((thrown: unknown) => {
        if (following.signal.aborted) return
        log.error('what a host told can not be kept', thrown, { host: hostId })
      })
  }

  /** Lists, then follows the events until the link or the daemon goes; lists again every few minutes. */
  const followOnce = async (id: HostId, signal: AbortSignal): Promise<void> => {
    const host = await registry.ready(id, signal)
    const docker = host.docker()
    const round = new AbortController()
    const both = AbortSignal.any([signal, round.signal])
    const timer = setTimeout(() => round.abort(), reconcileMs)
    try {
      // Subscribed before the listing, so that nothing falls between the two.
      const touched = gatherTouched(docker.events(ourContainers, { signal: both }))
      await list(id, docker, both)
      while (await touched.some()) {
        // Several events come at once (stop, die, rename …): one look answers them all.
        await clock.sleep(30, both)
        await readAgain(id, docker, touched.take(), both)
      }
    } catch (thrown) {
      if (!round.signal.aborted || signal.aborted) throw thrown
    } finally {
      clearTimeout(timer)
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
        tellDatabasesOn(deps, id)
        log.warn('a host is not followed for now', { host: id, reason: String(thrown) })
        await untilReady(id, signal)
      }
    }
  }

  /** A host that needs the user rejects at once; then its next change of status is waited for. */
  const untilReady = async (id: HostId, signal: AbortSignal): Promise<void> => {
    const host = registry.get(id)
    if (isAnswering(host.status)) {
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

  registry.onOpen(({ id }, host) => {
    host.onStatus((status) => {
      const view = hosts.get(id)
      if (view === undefined || view.databases === null || !isAnswering(status)) return
      view.heardAt = status.lastSeen ?? view.heardAt
    })
  })

  return {
    stateOf: (record) => {
      const host = registry.opened(record.hostId)
      const databases = hosts.get(record.hostId)?.databases
      if (host === null || !isAnswering(host.status)) return null
      if (databases === null || databases === undefined) return null
      return databases.get(record.id) ?? 'missing'
    },
    lastHeard: ({ hostId, lastKnown }) => {
      const times = [hosts.get(hostId)?.heardAt, lastKnown?.at]
      const known = times.filter((at) => typeof at === 'number')
      return known.length === 0 ? null : Math.max(...known)
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

/** Whether a view of it differs: the time of the last look alone is no news. */
function isNews(before: LastKnown | undefined, after: LastKnown | undefined): boolean {
  return (
    before?.status !== after?.status ||
    before?.reason !== after?.reason ||
    before?.startedAt !== after?.startedAt ||
    before?.since !== after?.since
  )
}
