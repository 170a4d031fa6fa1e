import { mostRead } from '../../shared/contract/databases.ts'
import { eventSchema, type QuaysideEvent } from '../../shared/events.ts'
import type { Clock, Log } from '../domain/ports.ts'
import { createThrottle } from '../domain/throttle.ts'

/** A view has no use for more than ten a second of the same news. */
const gapMs = 100

export interface PublishDeps {
  /** Brings an event to every window. */
  send: (event: QuaysideEvent) => void
  clock: Clock
  log: Log
  /** Ends it: nothing is sent any more. */
  signal: AbortSignal
}

/**
 * Takes the core's events to the windows, at most ten a second for each topic, job and check. What
 * comes faster is merged: nothing of what has changed and no last word is ever lost.
 */
export function createPublisher({ send, clock, log, signal }: PublishDeps) {
  const throttled = createThrottle<QuaysideEvent>({ gapMs, clock, signal, merge }, send)
  return (event: QuaysideEvent): void => {
    // As with answers: a key that nobody declared cannot leave by accident.
    const parsed = eventSchema.safeParse(event)
    if (parsed.success) throttled(keyOf(parsed.data), parsed.data)
    else log.error('an event does not fit its schema', parsed.error, { type: event.type })
  }
}

/** The newer one counts; of what has changed, both do. */
function merge(held: QuaysideEvent, next: QuaysideEvent): QuaysideEvent {
  if (held.type !== 'changed' || next.type !== 'changed') return next
  const { type, topic } = next
  if (held.ids === undefined || next.ids === undefined) return { type, topic }
  const ids = [...new Set([...held.ids, ...next.ids])]
  return ids.length > mostRead ? { type, topic } : { type, topic, ids }
}

function keyOf(event: QuaysideEvent): string {
  switch (event.type) {
    case 'changed':
      return `changed ${event.topic}`
    case 'job-progress':
      return `job-progress ${event.progress.jobId}`
    case 'host-check':
      return `host-check ${event.check.checkId}`
    case 'destination-check':
      return `destination-check ${event.check.checkId}`
    case 'stats':
      return `stats ${event.hostId}`
    case 'log':
      // None of these may be merged into another; the core sends no more than ten a second.
      return `log ${event.news.follower} ${event.news.first} ${event.news.state}`
    case 'navigate':
      return 'navigate'
  }
}
