import * as z from 'zod'
import type { Clock, ProcessStore } from '../../../domain/ports.ts'
import type { Connection } from '../connection.ts'
import { pidExists, processBirth } from '../process-birth.ts'

const processRow = z.object({
  id: z.string(),
  pid: z.int(),
  birth: z.string().nullable(),
  beat_at: z.int(),
})
type ProcessRow = z.infer<typeof processRow>

/** A process that has not beaten for so long is taken for hung, milliseconds. */
const beatLimit = 30_000
/** Longer without a look at the clock means that this process itself did not run. */
const sleepGap = 15_000

export interface ProcessStoreOptions {
  connection: Connection
  clock: Clock
  pid: number
  /** Its own name. */
  self: string
}

/**
 * The processes that share the data. Judged by pid first: one that is gone, or began at another
 * time, is dead at once. One that exists is dead only after 30 s without a beat, and these count
 * only while this process has itself been running: after a laptop's sleep every beat is old, and the
 * first to wake must not take the others' work.
 */
export function createProcessStore(options: ProcessStoreOptions): ProcessStore {
  const { connection, clock, pid, self } = options
  const birth = processBirth(pid)
  let lastLook = clock.now()
  let awakeSince = lastLook

  const look = (): number => {
    const now = clock.now()
    // A clock that was set back says as little about the others' beats as a sleep does.
    if (now - lastLook > sleepGap || now < lastLook) awakeSince = now
    lastLook = now
    return now
  }
  const rows = (): ProcessRow[] => connection.all(processRow, 'SELECT * FROM processes')
  const isAlive = (row: ProcessRow, now: number): boolean => {
    if (row.id === self) return true
    if (!exists(row)) return false
    // A beat far ahead was made before the clock was set back, and says nothing of what came after.
    const beatAt = row.beat_at - now > sleepGap ? awakeSince : row.beat_at
    return now - Math.max(beatAt, awakeSince) <= beatLimit
  }
  const store: ProcessStore = {
    self,
    beat() {
      connection.run(
        `INSERT INTO processes (id, pid, birth, beat_at) VALUES (?, ?, ?, ?)
          ON CONFLICT (id) DO UPDATE SET beat_at = excluded.beat_at`,
        self,
        pid,
        birth,
        Math.round(look()),
      )
    },
    alive() {
      const now = look()
      const living = rows().filter((row) => isAlive(row, now))
      return new Set([self, ...living.map((row) => row.id)])
    },
    leave() {
      connection.run('DELETE FROM processes WHERE id = ?', self)
    },
  }
  connection.transaction(() => {
    for (const row of rows()) {
      if (!exists(row)) connection.run('DELETE FROM processes WHERE id = ?', row.id)
    }
    store.beat()
  })
  return store
}

function exists(row: ProcessRow): boolean {
  if (!pidExists(row.pid)) return false
  if (row.birth === null) return true
  const now = processBirth(row.pid)
  return now === null || now === row.birth
}
