import { contract } from '../../shared/contract/index.ts'
import { databaseIdSchema } from '../../shared/contract/databases.ts'
import type { QuaysideEvent } from '../../shared/events.ts'
import type { Core } from '../domain/core.ts'

/**
 * News of some databases together with how they are now, which a window would ask for at once: one way
 * over the bridge in place of three. Where they can't be read, the
 * news alone: the window asks, and shows why not.
 */
export async function bringAlong(
  { read }: Pick<Core['databases'], 'read'>,
  event: QuaysideEvent,
): Promise<QuaysideEvent> {
  if (event.type !== 'changed' || event.topic !== 'databases' || event.ids === undefined)
    return event
  const ids = event.ids.map((id) => databaseIdSchema.parse(id))
  const found = await read({ ids }).catch(() => undefined)
  // As with answers: a key that nobody declared cannot leave by accident.
  const { data } = contract['databases.read'].output.safeParse(found)
  return data === undefined ? event : { ...event, databases: data }
}
