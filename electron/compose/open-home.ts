import { join } from 'node:path'
import { openStores } from '../adapters/sqlite/index.ts'
import { onceFree } from '../domain/once-free.ts'
import type { Clock, Stores } from '../domain/ports.ts'

export interface OpenHomeOptions {
  /** The folder that holds all data of this installation. */
  home: string
  clock: Clock
  /** This process's name among the owners of jobs; a new one where not given. */
  owner?: string | undefined
  /**
   * How long a call waits for another program's lock on the data, milliseconds; for a face in whose
   * thread that wait would be felt. Given, the opening waits without blocking.
   */
  busyMs?: number | undefined
}

/**
 * Opens the records of an installation.
 * @throws QuaysideError `store_newer`, `store_damaged`, `store_busy`, `disk_full`
 */
export async function openHome({ home, clock, owner, busyMs }: OpenHomeOptions): Promise<Stores> {
  const open = (): Stores =>
    openStores({ file: join(home, 'quayside.sqlite'), clock, owner, busyMs })
  return busyMs === undefined ? open() : onceFree(clock, open)
}
