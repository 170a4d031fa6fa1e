import type { HostStatus } from '../../../shared/contract/hosts.ts'
import { connectingStatus } from '../../../shared/host-status.ts'
import type { Clock } from '../../domain/ports.ts'

/** Holds a host's status, and tells and awaits its changes. */
export interface StatusKeeper {
  readonly status: HostStatus
  set(change: Partial<Omit<HostStatus, 'since'>>): void
  onStatus(listener: (status: HostStatus) => void): () => void
  /** Resolves as soon as that is so; looks again at every change. Rejects with the signal's reason. */
  until(reached: () => boolean, signal?: AbortSignal): Promise<void>
  /** Tells nobody any more. */
  forget(): void
}

export function createStatusKeeper(clock: Clock): StatusKeeper {
  const listeners = new Set<(status: HostStatus) => void>()
  let status: HostStatus = connectingStatus(clock.now())

  const onStatus = (listener: (status: HostStatus) => void) => {
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  }

  return {
    get status() {
      return status
    },
    set(change) {
      const next = change.state ?? status.state
      // A try to reach a lost host that fails makes it lost no later than it was.
      const same = next === status.state || (isAway(next) && isAway(status.state))
      status = { ...status, ...change, since: same ? status.since : clock.now() }
      for (const listener of [...listeners]) listener(status)
    },
    onStatus,
    until(reached, signal) {
      return new Promise((resolve, reject) => {
        const stop = () => {
          forget()
          signal?.removeEventListener('abort', onAbort)
        }
        const onAbort = () => {
          stop()
          reject(signal?.reason as Error)
        }
        const look = () => {
          if (!reached()) return
          stop()
          resolve()
        }
        const forget = onStatus(look)
        if (signal?.aborted) return onAbort()
        signal?.addEventListener('abort', onAbort, { once: true })
        look()
      })
    },
    forget: () => listeners.clear(),
  }
}

function isAway(state: HostStatus['state']): boolean {
  return state === 'lost' || state === 'connecting'
}
