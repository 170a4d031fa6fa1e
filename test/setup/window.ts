import type { TestProject } from 'vitest/node'
import { buildApp } from '../../scripts/build.ts'
import { startDisplay } from '../../scripts/display.ts'
import { ensureElectron, type Electron } from '../../scripts/electron.ts'
import { ensureSystemLibraries } from '../../scripts/system-libraries.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** How to launch the built app: `inject('electron')` in a test. */
    electron: Electron
  }
}

/**
 * Before the tests in a window: installs what a window needs, builds the app, and on Linux starts a
 * display of its own, so that nothing flickers on the screen of the person who runs them.
 */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  await ensureSystemLibraries(['window', 'display'])
  const electron = await ensureElectron()
  await buildApp()
  const display = process.platform === 'linux' ? await startDisplay() : undefined
  Object.assign(process.env, display?.env)
  project.provide('electron', { ...electron, env: { ...electron.env, ...display?.env } })
  return display?.stop
}
