import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { app, powerMonitor, session } from 'electron'
import manifest from '../package.json' with { type: 'json' }
import { createClock } from './adapters/clock/index.ts'
import { makeHome } from './adapters/home/index.ts'
import { cliArguments } from './desktop/cli-arguments.ts'
import { systemClipboard } from './desktop/clipboard.ts'
import { surviveCrashes } from './desktop/crashes.ts'
import { fileDialogs } from './desktop/file-dialogs.ts'
import { setMenu } from './desktop/menu.ts'
import { restrictNavigation } from './desktop/navigation.ts'
import { createPresence } from './desktop/presence.ts'
import { logBugs, showStartProblem } from './desktop/problems.ts'
import { registerAppScheme, serveBundle } from './desktop/protocol.ts'
import { askToQuit } from './desktop/quit-question.ts'
import { createQuit } from './desktop/quit.ts'
import { createSecretClipboard } from './desktop/secret-clipboard.ts'
import { saveFile } from './desktop/save-file.ts'
import { restrictSession } from './desktop/session.ts'
import { showUpdateNotice } from './desktop/update-notice.ts'
import { startUpdates } from './desktop/updates.ts'
import { createWindows } from './desktop/window.ts'
import { dataHome } from './domain/home.ts'
import { serve } from './ipc/serve.ts'

const built = join(import.meta.dirname, '..')
const development = !app.isPackaged
const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/** The command line: no window, so that it works where there is no display either. */
async function runCommand(command: string[]): Promise<void> {
  const { runCli } = await import('./cli/main.ts')
  app.exit(await runCli(command))
}

/** Prepares what must be done before Electron is ready; undefined where another one runs already. */
function claimHome(): string | undefined {
  const home = dataHome(process.env, process.platform, homedir())
  makeHome(home)
  const own = join(home, 'electron')
  mkdirSync(own, { recursive: true, mode: 0o700 })
  // The lock lies in this folder: one window for each home.
  app.setPath('userData', own)
  if (!app.requestSingleInstanceLock()) return undefined
  registerAppScheme()
  // Where the system cannot have the sandbox, enabling it would break every window.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  return home
}

async function openDesktop(home: string): Promise<void> {
  const { compose, createDiagnostics } = await import('./compose.ts')
  const diagnostics = createDiagnostics(home)
  const { log } = diagnostics
  const clock = createClock()
  restrictNavigation(app, log)
  surviveCrashes(app, { clock, log })
  await app.whenReady()
  restrictSession(session.defaultSession, { devTools: development })
  serveBundle(session.defaultSession, join(built, 'renderer'))
  setMenu({ development })

  const clipboard = createSecretClipboard({ board: systemClipboard(log), clock, log })
  const core = await compose({
    home,
    version: manifest.version,
    clipboard,
    files: saveFile,
    dialogs: fileDialogs,
    diagnostics,
    heavyModule: new URL('heavy-thread.js', import.meta.url),
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
  const windows = createWindows({
    home,
    log,
    preload: join(built, 'preload/preload.cjs'),
    devTools: development,
    mayClose: () => {
      if (quit.ending() || presence.outlivesWindow()) return true
      app.quit()
      return false
    },
  })
  const stopServing = serve({ core, windows: windows.contents, clock, log })
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
  windows.show()
  core.work()
  core.watch()
  powerMonitor.on('resume', () => core.wake())
  const presence = createPresence({
    core,
    windows,
    clock,
    log,
    icons: join(built, '../resources/tray'),
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
}

async function openOrExplain(): Promise<void> {
  try {
    const home = claimHome()
    if (home === undefined) app.exit(0)
    else await openDesktop(home)
  } catch (thrown) {
    await app.whenReady()
    await showStartProblem(thrown)
    app.exit(1)
  }
}

const command = cliArguments(process.argv, app.isPackaged)
if (command === undefined) void openOrExplain()
else await runCommand(command)
