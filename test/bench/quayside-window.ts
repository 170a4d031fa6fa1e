import { repository } from '../../scripts/program.ts'
import { openWindow, type BenchWindow } from './bench-window.ts'

/**
 * True in the page once its list of so many databases can be used: its rows stand there, have been
 * painted, and the window is shown. Of a long list only the rows on the screen exist.
 */
const usable = (databases: number) => `new Promise((done) => {
  const look = () => {
    const grid = document.querySelector('[role=grid]')
    const rows = document.querySelectorAll('[role=row][data-index] a').length
    const all = Number(grid?.getAttribute('aria-rowcount') ?? 0) > ${databases} && rows > 0
    if (all && document.visibilityState === 'visible') requestAnimationFrame(() => setTimeout(() => done(true)))
    else requestAnimationFrame(look)
  }
  look()
})`

/** The built app on a home, with its list of databases on the screen. */
export async function openQuayside(
  home: string,
  databases: number,
  env: NodeJS.ProcessEnv = {},
): Promise<BenchWindow> {
  const window = await openWindow(repository, { ...env, QUAYSIDE_HOME: home })
  try {
    await window.evaluate(usable(databases))
    return window
  } catch (thrown) {
    await window.close()
    throw thrown
  }
}
