import type { Core } from '../../domain/core.ts'
import type { HandlersOf } from './handler.ts'

/** What the window may ask of `transfers`. */
export function transferHandlers({ transfers }: Pick<Core, 'transfers'>): HandlersOf<'transfers'> {
  return {
    'transfers.exportFile': transfers.exportFile,
    'transfers.planFile': transfers.planFile,
    'transfers.planServer': transfers.planServer,
    'transfers.importServer': transfers.importServer,
    'transfers.importFile': transfers.importFile,
  }
}
