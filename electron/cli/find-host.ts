import type { Core } from '../domain/core.ts'
import type { HostView } from '../../shared/contract/hosts.ts'
import { QuaysideError } from '../../shared/errors.ts'

// The lists wait for an answer of every host. To know something by its name no answer is needed, and
// a dead host must not slow down what is done on another one.
const glanceMs = 20

/** Ends a list's wait for its hosts almost at once; it then answers with what is known. */
export function glance(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(glanceMs)])
}

// Long enough for a host that answers; others may be dead and have no part in what is asked.
const answerMs = 3_000

/** Gives the hosts of a list the time to answer, if they can. */
export function answerTime(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(answerMs)])
}

/** All hosts as they are known, without waiting for any of them. */
export function knownHosts(core: Core, signal: AbortSignal): Promise<HostView[]> {
  return core.hosts.list({}, { signal: glance(signal) })
}

/**
 * The host of that name or id.
 * @throws QuaysideError `not_found`
 */
export async function findHost(core: Core, name: string, signal: AbortSignal): Promise<HostView> {
  const hosts = await knownHosts(core, signal)
  const found = hosts.find((host) => host.name === name) ?? hosts.find((host) => host.id === name)
  if (found !== undefined) return found
  const names = hosts.map((host) => host.name).join(', ')
  throw new QuaysideError('not_found', `There is no host named "${name}".`, {
    hint:
      names === ''
        ? 'No host has been added yet: "quayside host add --help".'
        : `The hosts are: ${names}.`,
    field: 'host',
  })
}
