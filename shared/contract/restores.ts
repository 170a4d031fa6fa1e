import * as z from 'zod'
import { databaseNameSchema, environmentSchema } from '../names.ts'
import { backupIdSchema } from './backups.ts'
import { databaseIdSchema } from './databases.ts'
import { destinationIdSchema } from './destinations.ts'
import { hostIdSchema } from './hosts.ts'
import { jobIdSchema } from './jobs.ts'
import { methods } from './method.ts'

/** Into what a backup is restored. */
export const restoreTargetSchema = z.discriminatedUnion('kind', [
  /** A new database beside the source or on another host; the source is left alone. */
  z.strictObject({
    kind: z.literal('new'),
    hostId: hostIdSchema,
    name: databaseNameSchema,
    environment: environmentSchema,
  }),
  /** In the place of an existing database, after a verified safety backup. */
  z.strictObject({
    kind: z.literal('in-place'),
    databaseId: databaseIdSchema,
    confirmName: z.string(),
  }),
])
export type RestoreTarget = z.infer<typeof restoreTargetSchema>

const restoreInput = z.strictObject({
  /** The copy that is read. */
  backupId: backupIdSchema,
  destinationId: destinationIdSchema,
  target: restoreTargetSchema,
})
export type RestoreInput = z.infer<typeof restoreInput>

/** Exactly what a restore would do; nothing is done yet. */
export const restorePlanSchema = z.strictObject({
  actions: z.array(z.strictObject({ verb: z.string(), text: z.string() })),
  /** What speaks against it, without forbidding it. */
  warnings: z.array(z.string()),
  /** Bytes that the host needs for it, beside the data itself; null where it is restored as it comes. */
  scratchBytes: z.number().nullable(),
})
export type RestorePlan = z.infer<typeof restorePlanSchema>

export const restoreMethods = methods({
  'restores.plan': { input: restoreInput, output: restorePlanSchema },
  'restores.start': {
    input: restoreInput,
    output: z.strictObject({ databaseId: databaseIdSchema, jobId: jobIdSchema }),
  },
})
