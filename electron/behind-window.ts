import { app, powerMonitor } from 'electron'
import type { Diagnostics } from './adapters/log/index.ts'
import { compose } from './compose.ts'
import { createAppLife } from './desktop/app-life.ts'
import { systemClipboard } from './desktop/clipboard.ts'
import { fileDialogs } from './desktop/file-dialogs.ts'
import { setMenu } from './desktop/menu.ts'
import { createPresence, type Presence } from './desktop/presence.ts'
import { askToQuit } from './desktop/quit-question.ts'
import { createQuit } from './desktop/quit.ts'
import { saveFile } from './desktop/save-file.ts'
import { createSecretClipboard } from './desktop/secret-clipboard.ts'
import { followTheme } from './desktop/theme.ts'
import { startUpdates } from './desktop/updates.ts'
import type { Windows } from './desktop/window.ts'
import type { Clock, Stores } from './domain/ports.ts'
import type { Calls } from './ipc/calls.ts'
import { serve } from './ipc/serve.ts'

export interface BehindWindowDeps {
  home: string
  version: string
  /** The records, open; closed with what is started here. */
  stores: Stores
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
  /** To be told once there is no window any more. */
  windowClosed(): void
  /** Ends the app in good order, in the moment that Windows leaves it. */
  sessionEnds(): void
  /** Ends the app in good order after a bug. */
  fail(): void
}

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/**
 * Starts everything that the window is only the face of: the core, its answers and news, the tray,
 * updates, and the orderly end. Loaded after the window, whose list stands by then.
 * @throws QuaysideError what `compose` throws
 */
export async function startBehindWindow(deps: BehindWindowDeps): Promise<BehindWindow> {
  const { home, version, stores, diagnostics, clock, windows, calls, heavyModule, development } =
    deps
  const { log } = diagnostics
  const clipboard = createSecretClipboard({ board: systemClipboard(log), clock, log })
  const life = createAppLife()
  const core = await compose({
    home,
    version,
    stores,
    clipboard,
    diagnostics,
    heavyModule,
    files: saveFile,
    dialogs: fileDialogs,
    life,
    watches: true,
  })
  let presence: Presence | null = null
  /** Undefined in the first moment, while nobody knows yet whether there is a tray. */
  const outlivesWindow = (): boolean | undefined => presence?.outlivesWindow()
  const quit = createQuit({
    app,
    clock,
    log,
    runningJobs: core.runningJobs,
    ask: askToQuit,
    onWaiting: life.quitsOnce,
    async close() {
      windows.hide()
      presence?.stop()
      updates?.stop()
      stopServing()
      try {
        await clipboard.forget()
      } finally {
        await core.close()
      }
    },
  })
  life.onStay(quit.stay)
  for (const signal of signals) process.on(signal, () => quit.now())
  // Linux and macOS; Windows tells the window.
  powerMonitor.on('shutdown', (event?: { preventDefault(): void }) => {
    // The system waits a little, so that jobs reach a safe point.
    event?.preventDefault()
    quit.now()
  })
  followTheme({ core, log })
  const stopServing = serve({ core, calls, windows, clock, log })
  app.on('second-instance', () => {
    // Who starts it again while it still closes shall not be left with nothing.
    if (quit.ending()) app.relaunch()
    else windows.show()
  })
  app.on('activate', () => {
    if (!quit.ending()) windows.show()
  })
  powerMonitor.on('resume', () => core.wake())
  const beginWork = async (): Promise<void> => {
    if (quit.ending()) return
    presence = createPresence({
      core,
      windows,
      clock,
      log,
      icons: deps.icons,
      quit: () => app.quit(),
    })
    // Whoever has closed the window by now gets what closing means here, before any job begins.
    if (windows.contents().length === 0) await presence.settled
    endUnlessSeen()
    if (quit.ending()) return
    core.work()
    core.watch()
  }
  /** Ends the app where it has neither a window nor a tray. */
  const endUnlessSeen = (): void => {
    if (windows.contents().length === 0 && outlivesWindow() === false) app.quit()
  }
  // The window comes first: connecting to hosts would make its list wait.
  void calls.quiet().then(beginWork)
  const updates = startUpdates(process.resourcesPath, {
    log,
    onReady(version) {
      const install = (): void => updates?.install()
      setMenu({ development, update: { version, install } })
      life.updateIsReady(version, install)
    },
    quit: quit.with,
    leave: () => app.quit(),
  })
  return {
    mayClose() {
      if (quit.ending() || outlivesWindow() !== false) return true
      app.quit()
      return false
    },
    windowClosed() {
      void presence?.settled.then(endUnlessSeen)
    },
    sessionEnds: () => quit.now(),
    fail: () => quit.now(1),
  }
}
