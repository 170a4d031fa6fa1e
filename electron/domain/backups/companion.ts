import * as z from 'zod'
import { backupRoleSchema, type DatabaseFacts } from '../../engines/engine-backup.ts'
import { QuaysideError } from '../../../shared/errors.ts'

const words = z.array(z.string())

export const extensionsSchema = z.array(
  z.strictObject({ name: z.string(), version: z.string(), schema: z.string().optional() }),
)

const factsSchema = z.strictObject({
  serverVersion: z.string(),
  name: z.string(),
  owner: z.string(),
  encoding: z.string(),
  collate: z.string(),
  ctype: z.string(),
  localeProvider: z.string(),
  locale: z.string().nullable(),
  // Older backups don't tell these.
  icuRules: z.string().nullable().optional(),
  connectionLimit: z.number().optional(),
  isTemplate: z.boolean().optional(),
  settings: words,
  grants: z
    .array(z.strictObject({ role: z.string(), privilege: z.string(), grantable: z.boolean() }))
    .nullable(),
  extensions: extensionsSchema,
}) satisfies z.ZodType<DatabaseFacts>

const companionSchema = z.strictObject({ database: factsSchema, roles: z.array(backupRoleSchema) })

/** What lies beside a dump: the roles it needs, and what the database is as a whole. */
export type Companion = z.infer<typeof companionSchema>

/** @throws QuaysideError `backup_damaged` */
export function readCompanion(text: string): Companion {
  try {
    return companionSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new QuaysideError('backup_damaged', 'The roles beside the dump can’t be read.', {
      hint: 'Use another copy or another backup.',
      // Never the content: it may hold what passwords are checked against.
      detail: cause instanceof z.ZodError ? z.prettifyError(cause) : 'not JSON',
    })
  }
}
