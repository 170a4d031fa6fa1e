import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Clock } from '../../domain/ports.ts'

/** True for a system error with this code, `ENOENT` for one. */
export function hasCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === code
}

/** The file's text, or null where there is none. */
export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw fileFailed(path, error)
  }
}

/** Puts a file (0600) in place whole or not at all, also when the power goes. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const part = `${path}.${randomUUID()}.part`
  try {
    const handle = await open(part, 'wx', 0o600)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(part, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(part, { force: true })
    throw fileFailed(path, error)
  }
}

/** Makes the rename itself last. Windows has no such thing for a folder. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const lockWaits = 50
const lockLimit = 5000
/** A holder writes one small file; after this long it is dead or asleep, milliseconds. */
const lockStale = 30_000

/**
 * Does the work while no other process does the same on this file.
 * @throws QuaysideError `busy` when another one has not finished within five seconds
 */
export async function withLock<T>(path: string, clock: Clock, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const until = performance.now() + lockLimit
    while (!(await takeLock(lock))) {
      if (performance.now() >= until) throw lockedByOther(path)
      const left = await leftBehind(lock, clock)
      if (left === null) await clock.sleep(lockWaits)
      else await clearLock(lock, left)
    }
  } catch (error) {
    throw fileFailed(path, error)
  }
  try {
    return await work()
  } finally {
    await rm(lock, { force: true })
  }
}

async function takeLock(lock: string): Promise<boolean> {
  const handle = await open(lock, 'wx', 0o600).catch((error: unknown) => {
    if (hasCode(error, 'EEXIST')) return null
    throw error
  })
  if (handle === null) return false
  try {
    await handle.writeFile(`${String(process.pid)} ${randomUUID()}`)
    return true
  } catch (error) {
    await rm(lock, { force: true })
    throw error
  } finally {
    await handle.close()
  }
}

/** What stands in a lock whose holder is gone; null while it is held, or was just released. */
async function leftBehind(lock: string, clock: Clock): Promise<string | null> {
  const text = await readIfThere(lock)
  if (text === null) return null
  const age = await stat(lock).then(
    ({ mtimeMs }) => clock.now() - mtimeMs,
    () => 0,
  )
  if (age > lockStale) return text
  const pid = Number.parseInt(text, 10)
  if (!(pid > 0)) return null
  try {
    process.kill(pid, 0)
    return null
  } catch (error) {
    return hasCode(error, 'ESRCH') ? text : null
  }
}

/**
 * Takes a lock away that was left behind. Two may try: the one who then holds another's fresh lock in
 * hand puts it back.
 */
async function clearLock(lock: string, left: string): Promise<void> {
  const aside = `${lock}.${randomUUID()}`
  try {
    await rename(lock, aside)
    if ((await readIfThere(aside)) !== left) await link(aside, lock)
  } catch (error) {
    if (!hasCode(error, 'ENOENT') && !hasCode(error, 'EEXIST')) throw error
  } finally {
    await rm(aside, { force: true })
  }
}

function lockedByOther(path: string): QuaysideError {
  return new QuaysideError('busy', 'Another Quayside is writing to the vault.', {
    hint: `Try again. If no other Quayside runs, delete ${path}.lock.`,
  })
}

function fileFailed(path: string, cause: unknown): QuaysideError {
  if (cause instanceof QuaysideError) return cause
  if (hasCode(cause, 'ENOSPC') || hasCode(cause, 'EDQUOT')) {
    return new QuaysideError('disk_full', 'The disk of this computer is full.', {
      hint: `Free some space on the disk that holds ${dirname(path)}, then try again.`,
      cause,
    })
  }
  return new QuaysideError('store_failed', `The file ${path} can’t be used.`, {
    hint: 'Check that it and its folder belong to you and may be written to.',
    cause,
  })
}
