import * as z from 'zod'
import type { Query } from './snapshot.ts'

/** Without the log that standbys and archives need, a table that is made and filled is written once. */
const settings = { wal_level: 'minimal', max_wal_senders: '0' }

/** What an init script does to begin a server so. It is the file that ALTER SYSTEM writes. */
export const beginFilling = Object.entries(settings)
  .map(([name, value]) => `echo "${name} = '${value}'" >>"$PGDATA/postgresql.auto.conf"\n`)
  .join('')

/**
 * See `BackupSession.setFilling`. A crash loses nothing that was committed: the server then brings a
 * table's file to the disk before it commits, in place of its log.
 */
export async function setFilling(query: Query, filling: boolean): Promise<boolean> {
  for (const [name, value] of Object.entries(settings)) {
    await query(filling ? `ALTER SYSTEM SET ${name} = '${value}'` : `ALTER SYSTEM RESET ${name}`)
  }
  const [row] = await query("SELECT current_setting('wal_level') AS level")
  const { level } = z.object({ level: z.string() }).parse(row)
  return (level === settings.wal_level) !== filling
}
