import type { DestinationView } from '../../../shared/contract/destinations.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Core } from '../../domain/core.ts'

/**
 * The destination of that name or id.
 * @throws QuaysideError `not_found`
 */
export async function findDestination(
  core: Pick<Core, 'destinations'>,
  name: string,
  signal: AbortSignal,
): Promise<DestinationView> {
  const all = await core.destinations.list({}, { signal })
  const found = all.find((each) => each.name === name) ?? all.find((each) => each.id === name)
  if (found !== undefined) return found
  const names = all.map((each) => each.name).join(', ')
  throw new QuaysideError('not_found', `There is no destination named "${name}".`, {
    hint:
      names === ''
        ? 'None has been added yet: "quayside destination add --help".'
        : `The destinations are: ${names}.`,
    field: 'destination',
  })
}
