import { QuaysideError } from '../../shared/errors.ts'
import type { Service } from './core.ts'
import type { FileDialogs } from './ports.ts'

/** Places on this computer, chosen by the user; null for a face without dialogs. */
export function createFileChoice(dialogs: FileDialogs | null): Service<'files'> {
  return {
    choose: async (choice) => {
      if (dialogs !== null) return { path: await dialogs.choose(choice) }
      throw new QuaysideError('invalid_input', 'This face of Quayside can’t ask for a place.', {
        hint: 'Type the path.',
      })
    },
  }
}
