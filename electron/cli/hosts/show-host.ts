import type { HostFacts } from '../../../shared/contract/host-look.ts'
import type { HostView } from '../../../shared/contract/hosts.ts'
import { toErrorData } from '../../../shared/errors.ts'
import type { Core } from '../../domain/core.ts'
import type { Cli } from '../cli.ts'
import type { Action } from '../command.ts'
import { findHost } from '../find-host.ts'
import { describeFacts } from './describe-facts.ts'
import { describeHost } from './describe-host.ts'

/** `host show NAME` */
export const showHost: Action = async (cli, [name = '']) => {
  const core = await cli.coreWithSecrets()
  const { id } = await findHost(core, name, cli.signal)
  const told = (await factsOf(cli, core, id)) ?? (await lastFactsOf(core, id))
  // Read behind the facts, which have waited for the host to answer.
  const host = await findHost(core, name, cli.signal)
  cli.out.result({ ...host, facts: told }, () => {
    const now = cli.io.now()
    const known = describeHost(host, now)
    return told === null ? known : `${known}\n\n${describeFacts(told, now)}`
  })
}

/** What it told when it was last asked. */
async function lastFactsOf(core: Core, id: HostView['id']): Promise<HostFacts | null> {
  const kept = await core.hosts.lastFacts({})
  return kept.find(({ hostId }) => hostId === id)?.facts ?? null
}

/** What the host tells; without it, what is known already is still worth showing. */
async function factsOf(cli: Cli, core: Core, id: HostView['id']): Promise<HostFacts | null> {
  try {
    return await core.hosts.facts({ id }, { signal: cli.signal })
  } catch (thrown) {
    if (cli.signal.aborted) throw thrown
    cli.out.note(`It tells nothing of itself now: ${toErrorData(thrown).message}`)
    return null
  }
}
