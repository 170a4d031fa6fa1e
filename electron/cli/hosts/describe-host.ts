import type { HostView } from '../../../shared/contract/hosts.ts'
import { facts } from '../table.ts'
import { age, connectionText, hostState } from '../words.ts'

const transports = {
  'stream-local': 'a channel to its socket',
  'dial-stdio': 'docker system dial-stdio',
  socket: 'the socket itself',
} as const

/** All that is known of a host, a fact a line. */
export function describeHost(host: HostView, now: number): string {
  const { status } = host
  return facts([
    ['Host', host.name],
    ['Reached at', connectionText(host.connection)],
    ['State', hostState(host, now)],
    ['Reason', status.error === null ? null : status.error.message],
    ['What to do', status.error?.hint ?? null],
    ['Last answer', status.lastSeen === null ? null : age(status.lastSeen, now)],
    ['Round trip', status.latencyMs === null ? null : `${status.latencyMs.toFixed(1)} ms`],
    [
      'Login by',
      status.systemSsh === null ? null : `the system’s ssh, because of ${status.systemSsh}`,
    ],
    ...status.systemSshJumps.map(
      ({ host: jump, why }) =>
        ['By way of', `${jump}: the system’s ssh, because of ${why}`] as const,
    ),
    ['Docker', status.dockerVersion],
    ['Docker over', status.transport === null ? null : transports[status.transport]],
    ['System', status.os],
    ...status.limits.map((limit) => ['Lacks', limit] as const),
    ['Base domain', host.baseDomain],
    ['Data directory', host.dataDirectory],
    ['Databases', String(host.databases)],
    ['Id', host.id],
  ])
}
