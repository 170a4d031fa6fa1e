import type { QuaysideEvent } from '../../shared/events.ts'
import type { Log, Publish } from './ports.ts'

export interface EventBus {
  publish: Publish
  subscribe(listener: (event: QuaysideEvent) => void): () => void
}

/** Brings every event to every face of this process. One face's failure is not another's. */
export function createEventBus(log: Log): EventBus {
  const listeners = new Set<(event: QuaysideEvent) => void>()
  return {
    publish: (event) => {
      for (const listener of listeners) {
        try {
          listener(event)
        } catch (thrown) {
          log.error('a face failed at an event', thrown, { event: event.type })
        }
      }
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
