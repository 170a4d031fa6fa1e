import type { HostContext } from '../context.ts'
import { mustRunInside } from '../inside.ts'

// A socket that has moved is reached by nobody, and its engine does not notice.
const shown = '/run/docker.sock'
const hidden = '/run/docker.sock.hidden'

/** Takes the standard Docker socket away, as on a host without Docker. */
export async function hideSocket(host: HostContext): Promise<void> {
  await mustRunInside(host, ['sh', '-c', `[ ! -e ${shown} ] || mv ${shown} ${hidden}`])
}

export async function showSocket(host: HostContext): Promise<void> {
  // An engine that was started again meanwhile has made a new one; the old one is dead then.
  await mustRunInside(host, [
    ...[
      'sh',
      '-c',
      `[ ! -e ${hidden} ] || { [ -e ${shown} ] && rm ${hidden}; } || mv ${hidden} ${shown}`,
    ],
  ])
}
