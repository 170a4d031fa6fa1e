import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureElectron } from '../../scripts/electron.ts'
import { openWindow, type BenchWindow } from './bench-window.ts'

const folder = fileURLToPath(new URL('empty-window', import.meta.url))

/** True in the page once it is loaded, has been painted, and the window is shown. */
const painted = `new Promise((done) => {
  const look = () => {
    if (document.title === 'Empty' && document.readyState === 'complete' && document.visibilityState === 'visible')
      requestAnimationFrame(() => setTimeout(() => done(true)))
    else requestAnimationFrame(look)
  }
  look()
})`

/** An Electron window with nothing in it, in a folder of its own. */
export async function openEmptyWindow(): Promise<BenchWindow> {
  const home = await mkdtemp(join(tmpdir(), 'quayside-empty-'))
  const window = await openWindow(folder, { QUAYSIDE_HOME: home })
  const close = async () => {
    await window.close()
    await rm(home, { recursive: true, force: true })
  }
  try {
    await window.evaluate(painted)
    return { ...window, close }
  } catch (thrown) {
    await close()
    throw thrown
  }
}

/** Electron alone, without a window, for as long as the work on its process takes. */
export async function withBareElectron<T>(work: (pid: number) => Promise<T>): Promise<T> {
  const electron = await ensureElectron()
  const home = await mkdtemp(join(tmpdir(), 'quayside-bare-'))
  const env = {
    ...process.env,
    ...electron.env,
    QUAYSIDE_HOME: home,
    QUAYSIDE_BENCH_NO_WINDOW: '1',
  }
  const child = spawn(electron.executablePath, [...electron.args, folder], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const exited = once(child, 'exit')
  try {
    const ready = once(child.stdout, 'data')
    await Promise.race([ready, exited.then(() => Promise.reject(new Error('Electron ended.')))])
    return await work(child.pid ?? 0)
  } finally {
    child.kill('SIGTERM')
    await exited
    await rm(home, { recursive: true, force: true })
  }
}
