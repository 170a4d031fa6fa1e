import type { HostStatus } from './contract/hosts.ts'

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
