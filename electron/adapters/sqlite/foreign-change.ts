import * as z from 'zod'
import type { Connection } from './connection.ts'

const dataVersion = z.object({ data_version: z.int() }).transform((row) => row.data_version)
const revisionRow = z.object({ number: z.int() }).transform((row) => row.number)

export interface ForeignChange {
  listen(listener: () => void): () => void
  stop(): void
}

/**
 * Looks every `everyMs` whether another process committed something (one integer in shared memory),
 * and then whether it was more than a heartbeat. The timer keeps no process alive.
 */
export function watchForeignChange(connection: Connection, everyMs: number): ForeignChange {
  const listeners = new Set<() => void>()
  const version = (): number | null => connection.get(dataVersion, 'PRAGMA data_version')
  const revision = (): number | null => connection.get(revisionRow, 'SELECT number FROM revision')
  let seenVersion = version()
  let seenRevision = revision()
  let timer: NodeJS.Timeout | null = null

  const look = (): void => {
    const nowVersion = orUnknown(version)
    if (nowVersion === null || nowVersion === seenVersion) return
    const nowRevision = orUnknown(revision)
    if (nowRevision === null) return
    seenVersion = nowVersion
    if (nowRevision === seenRevision) return
    seenRevision = nowRevision
    for (const listener of [...listeners]) listener()
  }
  return {
    listen(listener) {
      // One entry per call, also where the same function listens twice.
      const entry = (): void => listener()
      listeners.add(entry)
      if (timer === null) {
        seenVersion = version()
        seenRevision = revision()
        timer = setInterval(look, everyMs)
        timer.unref()
      }
      return () => void listeners.delete(entry)
    },
    stop() {
      listeners.clear()
      if (timer !== null) clearInterval(timer)
      timer = null
    },
  }
}

/** A timer has nobody to tell: the next turn tries again, and whoever reads meets the error itself. */
function orUnknown<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}
