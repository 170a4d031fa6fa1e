import type * as z from 'zod'
import { appMethods } from './app.ts'
import { backupMethods } from './backups.ts'
import { databaseMethods } from './databases.ts'
import { destinationMethods } from './destinations.ts'
import { engineMethods } from './engines.ts'
import { fileMethods } from './files.ts'
import { hostMethods } from './hosts.ts'
import { jobMethods } from './jobs.ts'
import { logsMethods } from './logs.ts'
import { metricsMethods } from './metrics.ts'
import { recoveryKeyMethods } from './recovery-key.ts'
import { scheduleMethods } from './schedules.ts'
import { restoreMethods } from './restores.ts'
import { secretsMethods } from './secrets.ts'
import { settingsMethods } from './settings.ts'
import { transferMethods } from './transfers.ts'
import { tunnelMethods } from './tunnels.ts'

/** Every call a face can make of the core. A method is declared here and nowhere else. */
export const contract = {
  ...appMethods,
  ...hostMethods,
  ...engineMethods,
  ...fileMethods,
  ...databaseMethods,
  ...destinationMethods,
  ...tunnelMethods,
  ...backupMethods,
  ...restoreMethods,
  ...transferMethods,
  ...scheduleMethods,
  ...recoveryKeyMethods,
  ...jobMethods,
  ...metricsMethods,
  ...logsMethods,
  ...secretsMethods,
  ...settingsMethods,
}

export type Contract = typeof contract
export type MethodName = keyof Contract
/** What a caller writes. */
export type MethodInput<N extends MethodName> = z.input<Contract[N]['input']>
/** What a handler gets: parsed, with defaults filled in. */
export type ParsedInput<N extends MethodName> = z.output<Contract[N]['input']>
export type MethodOutput<N extends MethodName> = z.output<Contract[N]['output']>
