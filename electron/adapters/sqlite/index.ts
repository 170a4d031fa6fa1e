import { randomUUID } from 'node:crypto'
import type { Clock, Stores } from '../../domain/ports.ts'
import { watchForeignChange } from './foreign-change.ts'
import { migrations } from './migrations/index.ts'
import { openFile } from './open.ts'
import { createAuditStore } from './stores/audit.ts'
import { createBackupStore } from './stores/backups.ts'
import { createDatabaseStore } from './stores/databases.ts'
import { createDestinationStore } from './stores/destinations.ts'
import { createHostFactsStore } from './stores/host-facts.ts'
import { createHostStore } from './stores/hosts.ts'
import { createJobStore } from './stores/jobs.ts'
import { createProcessStore } from './stores/processes.ts'
import { createScheduleStore } from './stores/schedules.ts'
import { createStoredSampleStore } from './stores/stored-samples.ts'
import { createDestinationLookStore } from './stores/destination-looks.ts'
import { createTunnelStore } from './stores/tunnels.ts'

export interface StoresOptions {
  /** The data file; made where there is none, with a folder that only its owner may read. */
  file: string
  clock: Clock
  /** The process that works on the data; this one where not given. */
  pid?: number | undefined
  /** Its name among those that work on the data; a new one where not given. */
  owner?: string | undefined
  /** How long a call waits for another process's lock, milliseconds; it blocks meanwhile. */
  busyMs?: number | undefined
}

const pollMs = 500

/**
 * Opens the data file of this user, which a window and command lines may use at the same time.
 * @throws QuaysideError `store_newer`, `store_damaged`, `store_busy`, `store_failed`, `disk_full`;
 * every store's methods throw the last four too.
 */
export function openStores(options: StoresOptions): Stores {
  const { file, clock, pid = process.pid, owner = randomUUID(), busyMs = 5000 } = options
  const connection = openFile({ file, clock, migrations, busyMs })
  try {
    const processes = createProcessStore({ connection, clock, pid, self: owner })
    const foreign = watchForeignChange(connection, pollMs)
    return {
      hosts: createHostStore(connection),
      hostFacts: createHostFactsStore(connection),
      databases: createDatabaseStore(connection),
      jobs: createJobStore(connection),
      processes,
      tunnels: createTunnelStore(connection),
      backups: createBackupStore(connection),
      schedules: createScheduleStore(connection),
      destinations: createDestinationStore(connection),
      storedSamples: createStoredSampleStore(connection),
      destinationLooks: createDestinationLookStore(connection),
      audit: createAuditStore(connection, clock),
      transaction: (work) => connection.transaction(work),
      onForeignChange: (listener) => foreign.listen(listener),
      close() {
        foreign.stop()
        connection.close()
      },
    }
  } catch (error) {
    connection.close()
    throw error
  }
}
