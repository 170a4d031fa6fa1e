import { nativeTheme } from 'electron'
import type { Settings } from '../../shared/contract/settings.ts'
import type { Core } from '../domain/core.ts'
import type { Log } from '../domain/ports.ts'

/** Gives windows, menus and dialogs the theme that was chosen: the page sees it as the desktop's. */
export function applyTheme({ theme }: Pick<Settings, 'theme'>): void {
  nativeTheme.themeSource = theme === 'auto' ? 'system' : theme
}

/** Applies each later choice. */
export function followTheme({ core, log }: { core: Core; log: Log }): void {
  core.onEvent((event) => {
    if (event.type !== 'changed' || event.topic !== 'settings') return
    core.settings.get({}).then(applyTheme, (thrown: unknown) => {
      log.error('the theme could not be read', thrown)
    })
  })
}
