import type { HostId, HostView } from '../../../shared/contract/hosts.ts'
import { fromErrorData, QuaysideError } from '../../../shared/errors.ts'
import type { Core } from '../../domain/core.ts'
import type { Action } from '../command.ts'
import { findHost } from '../find-host.ts'
import { describeHost } from './describe-host.ts'

/** `host check NAME` */
export const checkHost: Action = async (cli, [name = '']) => {
  const core = await cli.coreWithSecrets()
  const { id } = await findHost(core, name, cli.signal)
  await core.hosts.reconnect({ id }, { signal: cli.signal })
  const host = await settled(core, id, cli.signal)
  cli.out.result(host, () => describeHost(host, cli.io.now()))
  if (host.status.state === 'ready' || host.status.state === 'degraded') return
  if (host.status.error !== null) throw fromErrorData(host.status.error)
  throw new QuaysideError('host_unreachable', `${name} does not answer.`)
}

/** The host, once it has answered or its trouble is known; the list waits for that. */
async function settled(core: Core, id: HostId, signal: AbortSignal): Promise<HostView> {
  const hosts = await core.hosts.list({}, { signal })
  const host = hosts.find((one) => one.id === id)
  if (host === undefined) throw new QuaysideError('not_found', 'There is no such host any more.')
  return host
}
