import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { app, session } from 'electron'
import manifest from '../package.json' with { type: 'json' }
import { createClock } from './adapters/clock/index.ts'
import { makeHome } from './adapters/home/index.ts'
import { createDiagnostics } from './adapters/log/index.ts'
import { createSettingsFile } from './adapters/settings/index.ts'
import type { BehindWindow } from './behind-window.ts'
import { cliArguments } from './desktop/cli-arguments.ts'
import { surviveCrashes } from './desktop/crashes.ts'
import { setMenu } from './desktop/menu.ts'
import { restrictNavigation } from './desktop/navigation.ts'
import { logBugs, showStartProblem } from './desktop/problems.ts'
import { registerAppScheme, serveBundle } from './desktop/protocol.ts'
import { restrictSession } from './desktop/session.ts'
import { applyTheme } from './desktop/theme.ts'
import { createWindows } from './desktop/window.ts'
import { dataHome } from './domain/home.ts'
import { takeCalls } from './ipc/calls.ts'

const built = join(import.meta.dirname, '..')
const development = !app.isPackaged
/** A page that has not begun by then is not waited for, milliseconds. */
const pagePatienceMs = 1_000

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

/** The window first, then what its list is drawn from, then everything else; its calls wait for that. */
async function openDesktop(home: string): Promise<void> {
  const diagnostics = createDiagnostics(home)
  const { log } = diagnostics
  const clock = createClock()
  restrictNavigation(app, log)
  surviveCrashes(app, { clock, log })
  let behind: BehindWindow | undefined
  logBugs(log, () => (behind === undefined ? app.exit(1) : behind.fail()))
  await app.whenReady()
  const settings = createSettingsFile({ home, log })
  applyTheme(settings.get())
  restrictSession(session.defaultSession, { devTools: development })
  const pageBegins = serveBundle(session.defaultSession, join(built, 'renderer'))
  setMenu({ development })
  const calls = takeCalls()
  // Whether the app stays without a window is not known before what stands behind it is there.
  app.on('window-all-closed', () => behind?.windowClosed())
  const windows = createWindows({
    home,
    log,
    preload: join(built, 'preload/preload.cjs'),
    devTools: development,
    mayClose: () => behind?.mayClose() ?? true,
    sessionEnds: () => behind?.sessionEnds(),
  })
  windows.show()
  try {
    // Loading takes this thread as a whole, and a page that comes up needs it: the page gets its script
    // first, and draws its list before the rest.
    await Promise.race([pageBegins, clock.sleep(pagePatienceMs)])
    const { answerBeforeCore } = await import('./before-core.ts')
    const stores = await answerBeforeCore({ home, settings, clock, log, windows, calls })
    await Promise.race([calls.drawn, clock.sleep(pagePatienceMs)])
    const { startBehindWindow } = await import('./behind-window.ts')
    behind = await startBehindWindow({
      home,
      stores,
      diagnostics,
      clock,
      windows,
      calls,
      development,
      version: manifest.version,
      heavyModule: new URL('heavy-thread.js', import.meta.url),
      icons: join(built, '../resources/tray'),
    })
  } catch (thrown) {
    // What went wrong is told instead.
    windows.hide()
    throw thrown
  }
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
