import * as z from 'zod'
import { errorDataSchema } from '../errors.ts'
import { methods } from './method.ts'

export const appInfoSchema = z.strictObject({
  version: z.string(),
  platform: z.enum(['linux', 'darwin', 'win32']),
  /** The folder that holds Quayside's data. */
  home: z.string(),
})

/** What the app itself is up to now. */
export const appStateSchema = z.strictObject({
  /** Why this computer can't keep what hosts tell, such as a full disk; null while it can. */
  storeError: errorDataSchema.nullable(),
  /** The version of an update that lies ready; null where none does. */
  update: z.string().nullable(),
  /** How many jobs it waits for before it quits by itself; null where it stays. */
  quitsAfter: z.int().nullable(),
})
export type AppState = z.infer<typeof appStateSchema>

export const appMethods = methods({
  'app.info': { input: z.strictObject({}), output: appInfoSchema },
  'app.state': { input: z.strictObject({}), output: appStateSchema },
  /** Quits, as the user would, and installs the update. @throws `not_found` where none lies ready */
  'app.installUpdate': { input: z.strictObject({}), output: z.strictObject({}) },
  /** Quits no more once what runs is done. */
  'app.stay': { input: z.strictObject({}), output: z.strictObject({}) },
})
