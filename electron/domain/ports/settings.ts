import type { Settings } from '../../../shared/contract/settings.ts'

/** What the user has chosen; kept outside the records, so that it is known before they are opened. */
export interface SettingsStore {
  get(): Settings
  /** @throws QuaysideError `store_failed` */
  set(settings: Settings): void
}
