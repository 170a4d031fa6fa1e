import type { Core } from '../../domain/core.ts'
import type { HandlersOf } from './handler.ts'

/** What the window may ask of `destinations`. */
export function destinationHandlers({
  destinations,
}: Pick<Core, 'destinations'>): HandlersOf<'destinations'> {
  return {
    'destinations.kinds': destinations.kinds,
    'destinations.list': destinations.list,
    'destinations.stored': destinations.stored,
    'destinations.check': destinations.check,
    'destinations.add': destinations.add,
    'destinations.update': destinations.update,
    'destinations.remove': destinations.remove,
    'destinations.rotateKey': destinations.rotateKey,
  }
}
