import { randomUUID } from 'node:crypto'
import { linkSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive, processRecord, recordOf } from './processes.ts'

/**
 * Does the work while no other process holds the lock. A lock whose holder has died is taken over.
 * `waiting` is told once where it has to wait.
 */
export async function withLock<Result>(
  path: string,
  work: () => Promise<Result>,
  waiting?: () => void,
): Promise<Result> {
  const own = `${path}.${randomUUID().slice(0, 8)}`
  writeFileSync(own, JSON.stringify(recordOf(process.pid)))
  try {
    for (let told = false; !take(own, path); told = true) {
      if (!told) waiting?.()
      await sleep(100)
    }
  } finally {
    rmSync(own, { force: true })
  }
  sweep(path)
  try {
    return await work()
  } finally {
    rmSync(path, { force: true })
  }
}

/** A link is made by one process alone, and only with its content complete. */
function take(own: string, path: string): boolean {
  try {
    linkSync(own, path)
    return true
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  }
  if (!isStale(path)) return false
  // Of several that see it stale, one alone gets it out of the way.
  const grave = `${own}.stale`
  try {
    renameSync(path, grave)
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error
    return false
  }
  rmSync(grave, { force: true })
  return take(own, path)
}

/** Those who were killed while they waited have left their files. */
function sweep(path: string): void {
  for (const name of readdirSync(dirname(path))) {
    const file = join(dirname(path), name)
    if (name.startsWith(`${basename(path)}.`) && isStale(file)) rmSync(file, { force: true })
  }
}

function isStale(path: string): boolean {
  try {
    const holder = processRecord.safeParse(JSON.parse(readFileSync(path, 'utf8')))
    return !holder.success || !isAlive(holder.data)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false
    throw error
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
