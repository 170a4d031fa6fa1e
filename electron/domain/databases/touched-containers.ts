import type { DockerEvent } from '../ports.ts'

/** The containers that events were about, gathered while nobody waits. */
export interface TouchedContainers {
  /** Resolves with true once there are some, with false where the events have ended. */
  some(): Promise<boolean>
  /** Gives out what was gathered and begins anew. */
  take(): ReadonlySet<string>
}

/**
 * Follows the events from now on. However many come at once, each container is named once.
 * @throws from `some`, what the events end with
 */
export function gatherTouched(events: AsyncIterable<DockerEvent>): TouchedContainers {
  let touched = new Set<string>()
  let wake: () => void = () => undefined

  const follow = async (): Promise<void> => {
    for await (const { action, containerId } of events) {
      if (isOnlyALook(action)) continue
      touched.add(containerId)
      wake()
    }
  }
  const ended = follow()
  // Whoever waits is told; when nobody does, the next one is.
  ended.catch(() => undefined)

  return {
    some: async () => {
      if (touched.size === 0) {
        await Promise.race([ended, new Promise<void>((resolve) => (wake = resolve))])
      }
      return touched.size > 0
    },
    take: () => {
      const taken = touched
      touched = new Set()
      return taken
    },
  }
}

/** Commands run in a container, by health checks and by Quayside, leave its state as it is. */
function isOnlyALook(action: string): boolean {
  return action.startsWith('exec_') || action === 'top'
}
