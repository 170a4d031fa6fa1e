import * as z from 'zod'
import { codecSchema } from '../backup-manifest.ts'
import { errorDataSchema } from '../errors.ts'
import { environmentSchema } from '../names.ts'
import { databaseIdSchema } from './databases.ts'
import { destinationIdSchema } from './destinations.ts'
import { engineIdSchema } from './engines.ts'
import { hostIdSchema } from './hosts.ts'
import { jobIdSchema } from './jobs.ts'
import { methods } from './method.ts'

export const backupIdSchema = z.uuid().brand<'BackupId'>()
export type BackupId = z.infer<typeof backupIdSchema>

/** One copy of a backup, as it lies at one destination. */
export const backupCopySchema = z.strictObject({
  destinationId: destinationIdSchema,
  destinationName: z.string(),
  /** Where the dump lies there. */
  name: z.string(),
  /** Bytes of the stored dump. */
  bytes: z.number(),
  encrypted: z.boolean(),
  /** When its manifest was written, epoch milliseconds: from then on it counts as created. */
  createdAt: z.number(),
  /** When it was last read back whole, decrypted and compared; null if never. */
  verifiedAt: z.number().nullable(),
  /** When a restore from it last came to its end with the same row counts; null if never. */
  restoredAt: z.number().nullable(),
  /** Why it is not to be relied on: missing, damaged, without its key. */
  problem: errorDataSchema.nullable(),
})
export type BackupCopyView = z.infer<typeof backupCopySchema>

/** One dump of one database, and its copies. */
export const backupSchema = z.strictObject({
  id: backupIdSchema,
  /** The database it was made of, where this installation knows it. */
  databaseId: databaseIdSchema.nullable(),
  databaseName: z.string(),
  environment: environmentSchema,
  engine: engineIdSchema,
  /** The host as it was named then. */
  hostName: z.string(),
  /** When the dump began, epoch milliseconds. */
  createdAt: z.number(),
  /** Bytes of the dump before compression. */
  plainBytes: z.number(),
  codec: codecSchema,
  serverVersion: z.string(),
  tables: z.int(),
  rows: z.number(),
  /** What the dump tool warned of. */
  warnings: z.array(z.string()),
  copies: z.array(backupCopySchema),
})
export type BackupView = z.infer<typeof backupSchema>

/** The rows of one table, as the snapshot of the dump saw them. */
export const tableRowsSchema = z.strictObject({
  schema: z.string(),
  name: z.string(),
  rows: z.number(),
})
export type TableRows = z.infer<typeof tableRowsSchema>

const failedJob = z.strictObject({ jobId: jobIdSchema, at: z.number(), error: errorDataSchema })
/** The name is empty for a destination that is gone. */
const atDestination = z.strictObject({
  destinationId: destinationIdSchema,
  destinationName: z.string(),
})

/** How well a database is backed up, told from what lies at the destinations. */
export const backupFreshnessSchema = z.strictObject({
  databaseId: databaseIdSchema,
  /** The newest backup with a copy that is whole. */
  newest: z
    .strictObject({ id: backupIdSchema, createdAt: z.number(), verified: z.boolean() })
    .nullable(),
  /** Bytes before compression of the latest backups, oldest first, for a trend. */
  trend: z.array(z.number()),
  /**
   * For each destination the last attempt to make, copy or read a backup there, if it came to nothing and
   * no good one has come to lie there since; newest first.
   */
  failed: z.array(failedJob.extend(atDestination.shape)),
  /** When a backup of it was last restored with the same rows, epoch milliseconds; null if never. */
  provenAt: z.number().nullable(),
  /** The last test restore, if it came to nothing and no restore has been proven since. */
  unproven: failedJob.nullable(),
  /** When a schedule backs it up next, epoch milliseconds; null where none does. */
  nextRunAt: z.number().nullable(),
  /** Where a schedule wanted one more than an hour ago, and no good backup has come to lie. */
  late: z.array(atDestination),
  /** Where copies of it lay that are gone now, and no good one is left, whatever its schedules say. */
  vanished: z.array(atDestination),
  /** The job that makes one now. */
  jobId: jobIdSchema.nullable(),
})
export type BackupFreshness = z.infer<typeof backupFreshnessSchema>

/** When it was last seen what lies at a destination. */
export const destinationLookSchema = z.strictObject({
  ...atDestination.shape,
  /** When a listing of it last came to its end, epoch milliseconds; null if never. */
  lookedAt: z.number().nullable(),
  /** Why the last look came to nothing; null where it did not. */
  error: errorDataSchema.nullable(),
})
export type DestinationLookView = z.infer<typeof destinationLookSchema>

const startedJob = z.strictObject({ jobId: jobIdSchema })
const oneCopy = z.strictObject({ id: backupIdSchema, destinationId: destinationIdSchema })

export const backupMethods = methods({
  'backups.list': {
    input: z.strictObject({ databaseId: databaseIdSchema.optional() }),
    output: z.array(backupSchema),
  },
  'backups.tables': {
    input: z.strictObject({ id: backupIdSchema }),
    output: z.array(tableRowsSchema),
  },
  'backups.freshness': { input: z.strictObject({}), output: z.array(backupFreshnessSchema) },
  'backups.create': {
    input: z.strictObject({
      databaseId: databaseIdSchema,
      /** The dump goes to the first; the others get copies of it. */
      destinationIds: z.array(destinationIdSchema).min(1, 'Choose a destination.').max(8),
      codec: codecSchema.default('zstd'),
      /** With the destination's key; needs a recovery key that is saved. */
      encrypt: z.boolean().default(true),
    }),
    output: startedJob.extend({ id: backupIdSchema }),
  },
  /** Reads a copy back whole: decrypts, decompresses, compares. */
  'backups.verify': { input: oneCopy, output: startedJob },
  /**
   * Restores a copy into a throw-away container and compares the rows: on the host of its database,
   * unless another is named. Where the database is not here, one has to be.
   */
  'backups.testRestore': {
    input: oneCopy.extend({ hostId: hostIdSchema.optional() }),
    output: startedJob,
  },
  /** Removes one copy for good; the name is that of the database, typed. */
  'backups.remove': {
    input: oneCopy.extend({ confirmName: z.string() }),
    output: z.strictObject({}),
  },
  /** Compares what is known with what lies at a destination. */
  'backups.scan': {
    input: z.strictObject({ destinationId: destinationIdSchema }),
    output: z.strictObject({
      backups: z.int(),
      added: z.int(),
      missing: z.int(),
      unreadable: z.int(),
    }),
  },
  'backups.looks': { input: z.strictObject({}), output: z.array(destinationLookSchema) },
  /** Looks in the background at each destination that was not looked at within the hour. */
  'backups.look': { input: z.strictObject({}), output: z.strictObject({}) },
})
