import type { Core } from '../../domain/core.ts'
import type { HandlersOf } from './handler.ts'

/** What the window may ask of `settings`. */
export function settingsHandlers({ settings }: Pick<Core, 'settings'>): HandlersOf<'settings'> {
  return {
    'settings.get': settings.get,
    'settings.set': settings.set,
  }
}
