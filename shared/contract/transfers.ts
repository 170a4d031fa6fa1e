import * as z from 'zod'
import { databaseNameSchema, environmentSchema } from '../names.ts'
import { databaseIdSchema } from './databases.ts'
import { engineIdSchema } from './engines.ts'
import { hostIdSchema } from './hosts.ts'
import { jobIdSchema } from './jobs.ts'
import { methods } from './method.ts'
import { restorePlanSchema } from './restores.ts'

/** A file of this computer. */
const pathSchema = z
  .string()
  .min(1, 'Choose a file.')
  .max(4096, 'That path is too long.')
  .refine((path) => /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(path), 'Give the path from its root.')
  .refine((path) => !path.includes('\0'), 'That is no path.')

export const importFileSchema = z.strictObject({
  path: pathSchema,
  hostId: hostIdSchema,
  engine: engineIdSchema,
  version: z.string().min(1).max(64),
  name: databaseNameSchema,
  environment: environmentSchema,
})
export type ImportFileRequest = z.infer<typeof importFileSchema>

/** From a server elsewhere; the connection string may hold a password, which goes to the keychain. */
export const importServerSchema = importFileSchema.omit({ path: true }).extend({
  connectionString: z.string().trim().min(1, 'Give the connection string.').max(4096),
})
export type ImportServerRequest = z.infer<typeof importServerSchema>

/** Exactly what an import would do; nothing is done yet. */
export const importPlanSchema = restorePlanSchema.extend({
  /** What is to be imported, in a few words, as it was found. */
  found: z.string(),
  /** Bytes that the host needs for it, beside the data itself; null where only the import will tell. */
  scratchBytes: z.number().nullable(),
})
export type ImportPlan = z.infer<typeof importPlanSchema>

/** One database to a file, and a file to a database, without a destination. */
export const transferMethods = methods({
  /** Dumps a database to a new file; its ending says how it is compressed: .gz, .zst, .lz4, or not. */
  'transfers.exportFile': {
    input: z.strictObject({ databaseId: databaseIdSchema, path: pathSchema }),
    output: z.strictObject({ jobId: jobIdSchema }),
  },
  /** Looks at the file's beginning and at the host. */
  'transfers.planFile': { input: importFileSchema, output: importPlanSchema },
  /** Logs in to the server elsewhere, on the way that the host goes there, and looks at it. */
  'transfers.planServer': { input: importServerSchema, output: importPlanSchema },
  /** Makes a new database of one on a server elsewhere, as it is at one moment; the source is only read. */
  'transfers.importServer': {
    input: importServerSchema,
    output: z.strictObject({ databaseId: databaseIdSchema, jobId: jobIdSchema }),
  },
  /** Makes a new database of a dump or of statements, compressed or not: what it is, is looked at. */
  'transfers.importFile': {
    input: importFileSchema,
    output: z.strictObject({ databaseId: databaseIdSchema, jobId: jobIdSchema }),
  },
})
