import type { HostView } from '../../../shared/contract/hosts.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Core } from '../../domain/core.ts'
import { findHost, knownHosts } from '../find-host.ts'

/**
 * On which host something is done: the named one, else that of a database where this installation has
 * it, else the only one there is.
 * @throws QuaysideError `not_found`; `invalid_input` where there are several and none is named
 */
export async function chooseHost(
  core: Core,
  {
    named,
    databaseId = null,
  }: {
    /** By `--host`. */
    named: string | undefined
    databaseId?: string | null
  },
  signal: AbortSignal,
): Promise<HostView> {
  if (named !== undefined) return findHost(core, named, signal)
  const hosts = await knownHosts(core, signal)
  const source =
    databaseId === null
      ? undefined
      : (await core.databases.list({}, { signal })).find(({ id }) => id === databaseId)
  const own = hosts.find(({ id }) => id === source?.hostId)
  if (own !== undefined) return own
  const [only, second] = hosts
  if (only !== undefined && second === undefined) return only
  if (only === undefined) {
    throw new QuaysideError('not_found', 'There is no host yet.', {
      hint: 'Add one: "quayside host add --help".',
      field: 'host',
    })
  }
  throw new QuaysideError('invalid_input', 'Say on which host.', {
    hint: `Name one by --host: ${hosts.map(({ name }) => name).join(', ')}.`,
    field: 'host',
  })
}
