import type { HostCheck, HostId, HostView } from '../../../shared/contract/hosts.ts'
import { fromErrorData, QuaysideError, type ErrorData } from '../../../shared/errors.ts'
import type { Core } from '../../domain/core.ts'
import type { Action } from '../command.ts'
import { findHost } from '../find-host.ts'
import { reportChecks } from './check-steps.ts'
import { describeHost } from './describe-host.ts'

/** `host check NAME`: the whole way there, step by step, then the host as it is. */
export const checkHost: Action = async (cli, [name = '']) => {
  const core = await cli.coreWithSecrets()
  const { id, connection } = await findHost(core, name, cli.signal)
  const stop = reportChecks(core, cli.out)
  const check = await core.hosts
    .check({ checkId: id, hostId: id, connection }, { signal: cli.signal })
    .finally(stop)
  const host = await settled(core, id, cli.signal)
  cli.out.result(host, () => describeHost(host, cli.io.now()))
  const well = host.status.state === 'ready' || host.status.state === 'degraded'
  if (well && check.ok) return
  const error = failureOf(check) ?? host.status.error
  if (error !== null) throw fromErrorData(error)
  throw new QuaysideError('host_unreachable', `${name} does not answer.`)
}

/** Why the walk ended early, with the remedy of that step. */
function failureOf({ steps }: HostCheck): ErrorData | null {
  return steps.find((step) => step.state === 'failed')?.error ?? null
}

/** The host, once it has answered or its trouble is known; the list waits for that. */
async function settled(core: Core, id: HostId, signal: AbortSignal): Promise<HostView> {
  const hosts = await core.hosts.list({}, { signal })
  const host = hosts.find((one) => one.id === id)
  if (host === undefined) throw new QuaysideError('not_found', 'There is no such host any more.')
  return host
}
