import * as z from 'zod'
import { databaseIdSchema } from './contract/databases.ts'
import { hostIdSchema } from './contract/hosts.ts'
import { jobIdSchema } from './contract/jobs.ts'

/** A question that a database's page can be opened with. */
export const askedSchema = z.enum(['stop', 'restart'])

/** A place in the window that the tray or a notification can lead to. */
export const placeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('databases') }),
  z.strictObject({ kind: z.literal('new-database') }),
  z.strictObject({
    kind: z.literal('database'),
    id: databaseIdSchema,
    /** Opens it with this question, which the user then answers there. */
    ask: askedSchema.optional(),
  }),
  z.strictObject({ kind: z.literal('host'), id: hostIdSchema }),
  z.strictObject({ kind: z.literal('job'), id: jobIdSchema }),
  z.strictObject({ kind: z.literal('settings') }),
  /** The backups of one database, or of all. */
  z.strictObject({ kind: z.literal('backups'), id: databaseIdSchema.optional() }),
])
export type Place = z.infer<typeof placeSchema>
