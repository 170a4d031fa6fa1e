import { mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { QuaysideError } from '../../../shared/errors.ts'

/**
 * Makes the folder of Quayside's data, for its user alone, and one in it, so that all else finds its
 * place. Throws a QuaysideError `store_failed` where that can't be.
 */
export function makeHome(home: string): void {
  try {
    makeFolder(home)
    makeFolder(join(home, 'logs'))
  } catch (cause) {
    throw new QuaysideError('store_failed', `Quayside’s folder ${home} can’t be made.`, {
      hint: 'Check that you may write there, or name another folder by QUAYSIDE_HOME.',
      cause,
    })
  }
}

// Node's own recursive mkdir never ends where a folder that exists answers that it does not, as /proc does.
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (thrown) {
    if (isFolder(path)) return
    const parent = dirname(path)
    if (parent === path || isFolder(parent)) throw thrown
    makeFolder(parent)
    mkdirSync(path, { mode: 0o700 })
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
