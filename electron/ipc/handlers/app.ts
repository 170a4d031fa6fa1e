import type { Core } from '../../domain/core.ts'
import type { HandlersOf } from './handler.ts'

/** What the window may ask of `app`. */
export function appHandlers({ app }: Pick<Core, 'app'>): HandlersOf<'app'> {
  return {
    'app.info': app.info,
    'app.state': app.state,
    'app.installUpdate': app.installUpdate,
    'app.stay': app.stay,
  }
}
