import { settingsSchema } from '../../../shared/contract/settings.ts'
import type { Service } from '../core.ts'
import type { Publish, SettingsStore } from '../ports.ts'

/** What the user has chosen, and the news when it changes. */
export function createSettings(deps: {
  store: SettingsStore
  publish: Publish
}): Service<'settings'> {
  const { store, publish } = deps
  return {
    get: async () => store.get(),
    set: async (change) => {
      const before = store.get()
      const remembered = { ...before.remembered, ...change.remembered }
      store.set(settingsSchema.parse({ ...before, ...change, remembered }))
      publish({ type: 'changed', topic: 'settings' })
      return store.get()
    },
  }
}
