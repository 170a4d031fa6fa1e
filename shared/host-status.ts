import type { HostStatus } from './contract/hosts.ts'

/** Whether a host can be asked now: it is reached, and so is Docker on it. */
export function isAnswering({ state, error }: Pick<HostStatus, 'state' | 'error'>): boolean {
  return state === 'ready' || (state === 'degraded' && error === null)
}

/**
 * Of a host that has not been heard of yet.
 * @param since epoch milliseconds
 */
export function connectingStatus(since: number): HostStatus {
  return {
    state: 'connecting',
    since,
    lastSeen: null,
    nextTry: null,
    latencyMs: null,
    transport: null,
    dockerVersion: null,
    os: null,
    limits: [],
    error: null,
  }
}
