import { app, powerMonitor } from 'electron'
import { compose } from '../compose.ts'
import type { Diagnostics } from '../diagnostics.ts'
import type { Clock } from '../domain/ports.ts'
import type { Calls } from '../ipc/calls.ts'
import { serve } from '../ipc/serve.ts'
import { systemClipboard } from './clipboard.ts'
import { fileDialogs } from './file-dialogs.ts'
import { setMenu } from './menu.ts'
import { createPresence } from './presence.ts'
import { logBugs } from './problems.ts'
import { askToQuit } from './quit-question.ts'
import { createQuit } from './quit.ts'
import { saveFile } from './save-file.ts'
import { createSecretClipboard } from './secret-clipboard.ts'
import { showUpdateNotice } from './update-notice.ts'
import { startUpdates } from './updates.ts'
import type { Windows } from './window.ts'

export interface BehindWindowDeps {
  home: string
  version: string
  diagnostics: Diagnostics
  clock: Clock
  windows: Windows
  calls: Calls
  /** The module of the thread in which heavy jobs run. */
  heavyModule: URL
  /** The folder with the tray's icons. */
  icons: string
  development: boolean
}

/** What the window asks of what stands behind it. */
export interface BehindWindow {
  /** Whether the window may be closed; where the app would end with it, the end begins first. */
  mayClose(): boolean
}

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/**
 * Starts everything that the window is only the face of: the core, its answers and news, the tray,
 * updates, and the orderly end. Loaded after the window, whose page comes up meanwhile.
 * @throws QuaysideError what `compose` throws
 */
export async function startBehindWindow(deps: BehindWindowDeps): Promise<BehindWindow> {
  const { home, version, diagnostics, clock, windows, calls, heavyModule, development } = deps
  const { log } = diagnostics
  const clipboard = createSecretClipboard({ board: systemClipboard(log), clock, log })
  const core = await compose({
    ...{ home, version, clipboard, diagnostics, heavyModule },
    files: saveFile,
    dialogs: fileDialogs,
  })
  const quit = createQuit({
    app,
    clock,
    log,
    runningJobs: core.runningJobs,
    ask: askToQuit,
    async close() {
      windows.hide()
      presence.stop()
      updates?.stop()
      stopServing()
      await clipboard.forget()
      await core.close()
    },
  })
  logBugs(log, () => quit.now(1))
  for (const signal of signals) process.on(signal, () => quit.now())
  powerMonitor.on('shutdown', (event?: { preventDefault(): void }) => {
    // The system waits a little, so that jobs reach a safe point.
    event?.preventDefault()
    quit.now()
  })
  const stopServing = serve({ core, calls, windows: windows.contents, clock, log })
  app.on('second-instance', () => {
    // Who starts it again while it still closes shall not be left with nothing.
    if (quit.ending()) app.relaunch()
    else windows.show()
  })
  app.on('activate', () => {
    if (!quit.ending()) windows.show()
  })
  app.on('window-all-closed', () => {
    if (!presence.outlivesWindow()) app.quit()
  })
  core.work()
  core.watch()
  powerMonitor.on('resume', () => core.wake())
  const presence = createPresence({
    core,
    windows,
    clock,
    log,
    icons: deps.icons,
    quit: () => app.quit(),
  })
  const updates = startUpdates(process.resourcesPath, {
    log,
    onReady(version) {
      setMenu({ development, update: { version, install: () => updates?.install() } })
      showUpdateNotice(version)
    },
    quit: () => app.quit(),
  })
  return {
    mayClose() {
      if (quit.ending() || presence.outlivesWindow()) return true
      app.quit()
      return false
    },
  }
}
