import type * as z from 'zod'
import type { appInfoSchema, AppState } from '../../../shared/contract/app.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Service } from '../core.ts'
import type { AppLife } from '../ports.ts'
import type { StoreTrouble } from './store-trouble.ts'

interface AppDeps {
  info: z.infer<typeof appInfoSchema>
  storeTrouble: StoreTrouble
  /** Null where there is no app that lives on by itself, as on the command line. */
  life: AppLife | null
}

/** The app itself: what it is, and what it is up to. */
export function createApp({ info, storeTrouble, life }: AppDeps): Service<'app'> {
  const state = (): AppState => ({
    storeError: storeTrouble.error(),
    update: life?.update() ?? null,
    quitsAfter: life?.quitsAfter() ?? null,
  })
  return {
    info: async () => info,
    state: async () => state(),
    installUpdate: async () => {
      if (life?.installUpdate() === true) return {}
      throw noUpdate()
    },
    stay: async () => {
      life?.stay()
      return {}
    },
  }
}

function noUpdate(): QuaysideError {
  return new QuaysideError('not_found', 'No update lies ready.', {
    hint: 'Quayside looks for one by itself, and says so in the settings.',
  })
}
