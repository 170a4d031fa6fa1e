import type { HostStatus } from './contract/hosts.ts'

/** Whether a host can be asked now: it is reached, and so is Docker on it. */
export function isAnswering({ state, error }: Pick<HostStatus, 'state' | 'error'>): boolean {
  return state === 'ready' || (state === 'degraded' && error === null)
}

/**
 * Why nothing is known now of what runs on a host, in words that fit behind a colon:
 * `ams-1 does not answer`.
 */
export function silenceOf(name: string, status: Pick<HostStatus, 'state' | 'error'>): string {
  const { state, error } = status
  switch (error?.code) {
    case 'docker_down':
      return `Docker on ${name} does not answer`
    case 'docker_missing':
      return `${name} has no Docker`
    case 'docker_denied':
      return `${name} lets this login use no Docker`
    case 'docker_too_old':
      return `${name} has a Docker that is too old`
    case 'login_refused':
      return `${name} refuses the login`
    case undefined:
    default:
  }
  if (state === 'key-changed') return `${name} has another host key`
  if (state === 'refused') return `${name} needs you`
  if (isAnswering(status)) return `${name} has not told yet`
  return state === 'connecting' && error === null
    ? `${name} is being connected`
    : `${name} does not answer`
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
    touch: false,
    nextTry: null,
    latencyMs: null,
    transport: null,
    systemSsh: null,
    systemSshJumps: [],
    dockerVersion: null,
    os: null,
    limits: [],
    error: null,
  }
}
