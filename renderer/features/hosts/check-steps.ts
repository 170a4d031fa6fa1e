import type { CheckStep, HostConnection } from '../../../shared/contract/hosts.ts'

/** The steps as they stand before the first one is told of, so that nothing jumps when it is. */
export function expectedSteps(connection: HostConnection): CheckStep[] {
  const waiting = (name: CheckStep['name'], title: string): CheckStep => ({
    name,
    title,
    state: 'waiting',
    fact: null,
    ms: null,
    error: null,
  })
  const docker = [
    waiting('docker', 'Find Docker'),
    waiting('permission', 'May it be used?'),
    waiting('version', 'Docker version'),
    waiting('disk', connection.kind === 'local' ? 'Disk, memory and cores' : 'Disk and memory'),
  ]
  if (connection.kind === 'local') return docker
  const user = connection.kind === 'ssh' ? ` as ${connection.user}` : ''
  return [
    waiting('address', 'Find the address'),
    waiting('port', connection.kind === 'ssh' ? `Reach port ${connection.port}` : 'Reach the port'),
    waiting('host-key', 'Is this your server?'),
    waiting('login', `Log in${user}`),
    ...docker,
    waiting('clock', 'Clock'),
  ]
}
