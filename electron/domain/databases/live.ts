import { mostRead, type DatabaseId } from '../../../shared/contract/databases.ts'
import type { HostId } from '../../../shared/contract/hosts.ts'
import { callHost } from '../hosts/call-host.ts'
import { firstAnswer } from '../hosts/first-answer.ts'
import type { HostRegistry } from '../hosts/host-registry.ts'
import { mayPass } from '../once-free.ts'
import type { Clock, DatabaseRecord, Docker, LastKnown, Log, Publish, Stores } from '../ports.ts'
import { knowledgeOf, statusOf } from './container-status.ts'
import { databaseIdOf, ourContainers } from './labels.ts'
import { gatherTouched } from './touched-containers.ts'

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
    remember(id, next)
    // Of a host that has just answered, each database is news: also one whose container is missing.
    if (before === null) return publish({ type: 'changed', topic: 'databases' })
    const either = new Set([...before.keys(), ...next.keys()])
    tell([...either].filter((each) => isNews(before.get(each), next.get(each))))
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
    const { databases } = viewOf(id)
    // Whose container a removed one was, it no longer says.
    if (databases === null || details.includes(null)) return list(id, docker, signal)
    const now = clock.now()
    const read = new Map<DatabaseId, LastKnown>()
    for (const detail of details) {
      const databaseId = detail === null ? null : databaseIdOf(detail.labels)
      if (detail !== null && databaseId !== null) read.set(databaseId, statusOf(detail, now))
    }
    remember(id, read)
    const news = [...read].filter(([each, known]) => isNews(databases.get(each), known))
    for (const [each, known] of read) databases.set(each, known)
    tell(news.map(([each]) => each))
  }

  /** Keeps what is known for the time in which the host does not answer. */
  const remember = (hostId: HostId, now: ReadonlyMap<DatabaseId, LastKnown>): void => {
    const isNew = ([id, known]: [DatabaseId, LastKnown]): boolean => {
      const record = stores.databases.get(id)
      return record?.hostId === hostId && differs(record.lastKnown, known)
    }
    const fresh = [...now].filter(isNew)
    if (fresh.length === 0) return
    try {
      stores.transaction(() => {
        for (const [id, known] of fresh) stores.databases.setLastKnown(id, known)
      })
    } catch (thrown) {
      if (!mayPass(thrown)) throw thrown
      // What the host told is no less true for it, and is kept with the next look.
      log.warn('what a host told could not be kept', { host: hostId, reason: String(thrown) })
    }
  }

  const tell = (ids: DatabaseId[]): void => {
    if (ids.length > mostRead) publish({ type: 'changed', topic: 'databases' })
    else if (ids.length > 0) publish({ type: 'changed', topic: 'databases', ids })
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

/** Whether a view of it differs: the time of the last look alone is no news. */
function isNews(before: LastKnown | undefined, after: LastKnown | undefined): boolean {
  return (
    before?.status !== after?.status ||
    before?.reason !== after?.reason ||
    before?.startedAt !== after?.startedAt ||
    before?.since !== after?.since
  )
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
