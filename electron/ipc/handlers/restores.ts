import type { Core } from '../../domain/core.ts'
import type { HandlersOf } from './handler.ts'

/** What the window may ask of `restores`. */
export function restoreHandlers({ restores }: Pick<Core, 'restores'>): HandlersOf<'restores'> {
  return {
    'restores.plan': restores.plan,
    'restores.start': restores.start,
  }
}
