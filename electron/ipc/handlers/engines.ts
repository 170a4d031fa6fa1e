import type { Core } from '../../domain/core.ts'
import type { HandlersOf } from './handler.ts'

/** What the window may ask of `engines`. */
export function engineHandlers({ engines }: Pick<Core, 'engines'>): HandlersOf<'engines'> {
  return {
    'engines.list': engines.list,
  }
}
