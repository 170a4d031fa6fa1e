import type { DestinationLookView } from '../../../shared/contract/backups.ts'
import type { DestinationId } from '../../../shared/contract/destinations.ts'
import { isAbort, QuaysideError, toErrorData } from '../../../shared/errors.ts'
import type { Clock, DestinationLook, Log, Publish, Stores } from '../ports.ts'
import { withDestination, type BackupJobDeps } from './backup-job.ts'
import { lookAtDestination } from './look-at-destination.ts'

const hour = 3_600_000
const day = 24 * hour
/** Between two thoughts about what is due, milliseconds; the first comes when the start is over. */
const thinkMs = 10 * 60_000
const firstMs = 60_000
/** A listing that takes longer is given up, milliseconds. */
const patienceMs = 5 * 60_000

interface DestinationLooksDeps extends Pick<BackupJobDeps, 'openDestination'> {
  stores: Stores
  clock: Clock
  log: Log
  publish: Publish
}

/** Looks at what lies at the destinations, in the background: a job's word is not enough. */
export interface DestinationLooks {
  /** Looks about once a day at each from now on; one that could not be looked at is tried each hour. */
  follow(): void
  /** Looks at those that were not looked at within the hour, and not tried either. */
  refresh(): void
  /** Says that one was looked at whole just now. */
  looked(id: DestinationId): void
  list(): DestinationLookView[]
  /** Resolves once no look is under way. */
  idle(): Promise<void>
  stop(): Promise<void>
}

export function createDestinationLooks(deps: DestinationLooksDeps): DestinationLooks {
  const { stores, clock, log, publish } = deps
  const ended = new AbortController()
  const waiting = new Set<DestinationId>()
  let work = Promise.resolve()
  let timers: NodeJS.Timeout[] = []

  const lookOf = (id: DestinationId): DestinationLook | undefined =>
    stores.destinationLooks.list().find(({ destinationId }) => destinationId === id)

  const note = (id: DestinationId, error: DestinationLook['error']): void => {
    const now = Math.round(clock.now())
    const lookedAt = error === null ? now : (lookOf(id)?.lookedAt ?? null)
    stores.destinationLooks.put({ destinationId: id, triedAt: now, lookedAt, error })
  }

  const isEnded = (): boolean => ended.signal.aborted
  const lookAt = async (id: DestinationId): Promise<void> => {
    if (isEnded() || stores.destinations.get(id) === null) return
    const patience = AbortSignal.timeout(patienceMs)
    const signal = AbortSignal.any([ended.signal, patience])
    try {
      await withDestination(deps, id, (destination) =>
        lookAtDestination(stores, destination, id, signal),
      )
      note(id, null)
    } catch (thrown) {
      if (isEnded()) return
      const late = patience.aborted && isAbort(thrown)
      note(id, toErrorData(late ? tooSlow() : thrown))
    }
    publish({ type: 'changed', topic: 'backups' })
  }

  /** One after another: what is looked at lies behind the same line as what is backed up. */
  const enqueue = (ids: readonly DestinationId[]): void => {
    for (const id of ids) {
      if (waiting.has(id)) continue
      waiting.add(id)
      work = work
        .then(() => lookAt(id))
        .catch((thrown: unknown) => log.warn('a look was not noted', { reason: String(thrown) }))
        .finally(() => waiting.delete(id))
    }
  }

  /** Those whose last look is older than that; a time to come was written by a clock that was wrong. */
  const due = (ageMs: number): DestinationId[] => {
    const now = clock.now()
    const within = (at: number | null, ms: number): boolean =>
      at !== null && at <= now && now - at < ms
    return stores.destinations
      .list()
      .map(({ id }) => id)
      .filter((id) => {
        const look = lookOf(id)
        if (look === undefined) return true
        return !within(look.lookedAt, ageMs) && !within(look.triedAt, hour)
      })
  }

  const think = (): void => {
    try {
      enqueue(due(day))
    } catch (thrown) {
      log.warn('destinations were not looked at', { reason: String(thrown) })
    }
  }

  return {
    follow: () => {
      if (timers.length > 0) return
      timers = [setTimeout(think, firstMs), setInterval(think, thinkMs)]
      for (const timer of timers) timer.unref()
    },
    refresh: () => enqueue(due(hour)),
    looked: (id) => note(id, null),
    list: () =>
      stores.destinations.list().map(({ id, name }) => {
        const look = lookOf(id)
        return {
          destinationId: id,
          destinationName: name,
          lookedAt: look?.lookedAt ?? null,
          error: look?.error ?? null,
        }
      }),
    idle: () => work,
    stop: async () => {
      for (const timer of timers) clearTimeout(timer)
      ended.abort()
      await work
    },
  }
}

function tooSlow(): QuaysideError {
  return new QuaysideError('destination_unreachable', 'The destination did not answer in time.', {
    hint: 'Quayside looks again by itself. Its check says which step fails.',
  })
}
