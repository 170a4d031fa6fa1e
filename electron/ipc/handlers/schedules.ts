import type { Core } from '../../domain/core.ts'
import type { HandlersOf } from './handler.ts'

/** What the window may ask of `schedules`. */
export function scheduleHandlers({ schedules }: Pick<Core, 'schedules'>): HandlersOf<'schedules'> {
  return {
    'schedules.list': schedules.list,
    'schedules.create': schedules.create,
    'schedules.update': schedules.update,
    'schedules.remove': schedules.remove,
    'schedules.runNow': schedules.runNow,
    'schedules.preview': schedules.preview,
  }
}
