import * as z from 'zod'
import type { Query } from './snapshot.ts'

/**
 * Without the log that standbys and archives need, a table that is made and filled is written once. By
 * itself that is not enough where pages have checksums: the first reader of a row, as an index is made,
 * notes on its page that the row is there to stay, and each page so changed would go into the log whole.
 */
const settings = {
  wal_level: 'minimal',
  max_wal_senders: '0',
  full_page_writes: 'off',
  // A dump of some thousand tables is restored in one transaction, which locks all that it makes.
  max_locks_per_transaction: '1024',
}

/** What an init script does to begin a server so. It is the file that ALTER SYSTEM writes. */
export const beginFilling = Object.entries(settings)
  .map(([name, value]) => `echo "${name} = '${value}'" >>"$PGDATA/postgresql.auto.conf"\n`)
  .join('')

/**
 * See `BackupSession.setFilling`. A crash of the server loses nothing that was committed: it then brings
 * a table's file to the disk before it commits, in place of its log. One of the whole host may tear a
 * page, which its checksum tells when the server recovers or reads it; what was being filled is made
 * anew by then. Going back to the usual settings takes a restart, and with it all is on the disk.
 */
export async function setFilling(query: Query, filling: boolean): Promise<boolean> {
  for (const [name, value] of Object.entries(settings)) {
    await query(filling ? `ALTER SYSTEM SET ${name} = '${value}'` : `ALTER SYSTEM RESET ${name}`)
  }
  const [row] = await query("SELECT current_setting('wal_level') AS level")
  const { level } = z.object({ level: z.string() }).parse(row)
  return (level === settings.wal_level) !== filling
}
