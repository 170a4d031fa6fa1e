import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// What the system's ssh leaves on this machine while it carries a connection.

/** Names of the folders with which it logs in. */
export const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('qs-'))

/** Those that log in with such a folder. */
export const programsOf = (folder: string) => processesWith(join(tmpdir(), folder))

/** Processes in whose command line these words stand, with NUL between them. */
export function processesWith(words: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(words)
    } catch {
      return false // no process, or gone meanwhile
    }
  })
}
