import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  _electron,
  errors,
  type ConsoleMessage,
  type ElectronApplication,
  type Page,
} from 'playwright'
import type { Electron } from '../../scripts/electron.ts'
import { repository } from '../../scripts/program.ts'

export interface LaunchOptions {
  /** From `inject('electron')`. */
  electron: Electron
  /** The folder of the app's data; a new, empty one that is removed afterwards where not given. */
  home?: string
  /** Beside the environment of the test itself, which has the lab's keychain. */
  env?: Readonly<Record<string, string>>
  /** Closes the window as soon as it is there, before anything behind it answers. */
  closeAtOnce?: boolean
}

/** The real app with its window open. */
export interface LaunchedApp {
  readonly app: ElectronApplication
  readonly page: Page
  readonly home: string
  /** What went wrong in the window: errors on its console, among them each violation of its policy. */
  readonly problems: readonly string[]
  /** What the app said on its standard error. */
  readonly said: () => string
  /** Ends the app as the system would, and waits until it is gone. Can be called more than once. */
  close(): Promise<void>
  /** Ends it at once, with nothing put in order. Its home stays. */
  kill(): Promise<void>
}

const patienceMs = 20_000

/** Starts the built app and waits for its window. */
export async function launch({
  electron,
  home,
  env,
  closeAtOnce = false,
}: LaunchOptions): Promise<LaunchedApp> {
  const folder = home ?? (await mkdtemp(join(tmpdir(), 'quayside-window-')))
  const app = await attach({
    executablePath: electron.executablePath,
    args: [...electron.args, repository],
    env: { ...ownEnvironment(), ...electron.env, ...env, QUAYSIDE_HOME: folder },
  })
  const child = app.process()
  const exited = child.exitCode === null ? once(child, 'exit') : Promise.resolve()
  let stderr = ''
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)))

  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  try {
    const page = await app.firstWindow({ timeout: patienceMs })
    if (closeAtOnce) {
      const closed = page.waitForEvent('close', { timeout: patienceMs })
      // Its answer may get lost while the app still loads; that the page is gone is told all the same.
      app
        .evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
        .catch(() => undefined)
      await closed
    } else await answers(page)
    return {
      app,
      page,
      home: folder,
      problems: closeAtOnce ? [] : await collectProblems(page),
      said: () => stderr,
      async close() {
        child.kill('SIGTERM')
        const late = setTimeout(() => child.kill('SIGKILL'), 3 * patienceMs)
        await exited
        clearTimeout(late)
        if (home === undefined) await rm(folder, { recursive: true, force: true })
        if (child.signalCode === 'SIGKILL') throw new Error(`The app did not end. ${stderr}`)
      },
      kill,
    }
  } catch (thrown) {
    await kill()
    throw new Error(`The app opened no window. ${stderr}`, { cause: thrown })
  }
}

/**
 * Starts the program with the driver at it. Where the driver comes at the very moment in which the page
 * is first shown, it misses that and waits for ever although the app is well: then once more. Whether
 * there is a window is not asked here, so that an app which opens none still fails.
 */
async function attach(
  options: Parameters<typeof _electron.launch>[0],
): Promise<ElectronApplication> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await _electron.launch({ ...options, timeout: patienceMs })
    } catch (thrown) {
      if (!(thrown instanceof errors.TimeoutError) || attempt === 3) throw thrown
      console.warn('The driver missed the first page of the app: once more.')
    }
  }
}

/** The window opens before what stands behind it: waits until that answers. */
async function answers(page: Page): Promise<void> {
  await page.waitForLoadState()
  await page.evaluate(() => window.quayside.invoke('app.info', {}))
}

async function collectProblems(page: Page): Promise<readonly string[]> {
  const problems: string[] = []
  const note = (message: ConsoleMessage) => {
    if (message.type() === 'error') problems.push(message.text())
  }
  page.on('console', note)
  page.on('pageerror', (error) => problems.push(String(error)))
  // What the page said before anyone listened.
  for (const message of await page.consoleMessages())
    if (!problems.includes(message.text())) note(message)
  for (const error of await page.pageErrors()) problems.push(String(error))
  return problems
}

function ownEnvironment(): Record<string, string> {
  const set = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      // With it Electron would be a mere Node.
      entry[0] !== 'ELECTRON_RUN_AS_NODE' && entry[1] !== undefined,
  )
  return Object.fromEntries(set)
}
