import type { Core } from '../../domain/core.ts'
import type { HandlersOf } from './handler.ts'

/** What the window may ask of `files`. */
export function fileHandlers({ files }: Pick<Core, 'files'>): HandlersOf<'files'> {
  return {
    'files.choose': files.choose,
  }
}
