import type { Core } from '../../domain/core.ts'
import { appHandlers } from './app.ts'
import { backupHandlers } from './backups.ts'
import { databaseHandlers } from './databases.ts'
import { destinationHandlers } from './destinations.ts'
import { engineHandlers } from './engines.ts'
import { fileHandlers } from './files.ts'
import type { Handlers } from './handler.ts'
import { hostHandlers } from './hosts.ts'
import { jobHandlers } from './jobs.ts'
import { logsHandlers } from './logs.ts'
import { metricsHandlers } from './metrics.ts'
import { recoveryKeyHandlers } from './recovery-key.ts'
import { scheduleHandlers } from './schedules.ts'
import { restoreHandlers } from './restores.ts'
import { secretsHandlers } from './secrets.ts'
import { settingsHandlers } from './settings.ts'
import { transferHandlers } from './transfers.ts'
import { tunnelHandlers } from './tunnels.ts'

/** A handler for each method of the contract, over one core. */
export function createHandlers(core: Core): Handlers {
  return {
    ...appHandlers(core),
    ...hostHandlers(core),
    ...engineHandlers(core),
    ...fileHandlers(core),
    ...databaseHandlers(core),
    ...destinationHandlers(core),
    ...tunnelHandlers(core),
    ...backupHandlers(core),
    ...restoreHandlers(core),
    ...transferHandlers(core),
    ...scheduleHandlers(core),
    ...recoveryKeyHandlers(core),
    ...jobHandlers(core),
    ...metricsHandlers(core),
    ...logsHandlers(core),
    ...secretsHandlers(core),
    ...settingsHandlers(core),
  }
}
