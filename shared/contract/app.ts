import * as z from 'zod'
import { methods } from './method.ts'

export const appInfoSchema = z.strictObject({
  version: z.string(),
  platform: z.enum(['linux', 'darwin', 'win32']),
  /** The folder that holds Quayside's data. */
  home: z.string(),
})

export const appMethods = methods({
  'app.info': { input: z.strictObject({}), output: appInfoSchema },
})
