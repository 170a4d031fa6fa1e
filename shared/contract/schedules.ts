import * as z from 'zod'
import { codecSchema } from '../backup-manifest.ts'
import { environmentSchema } from '../names.ts'
import { databaseIdSchema } from './databases.ts'
import { destinationIdSchema } from './destinations.ts'
import { engineIdSchema } from './engines.ts'
import { hostIdSchema } from './hosts.ts'
import { jobIdSchema } from './jobs.ts'
import { methods } from './method.ts'

export const scheduleIdSchema = z.uuid().brand<'ScheduleId'>()
export type ScheduleId = z.infer<typeof scheduleIdSchema>

/** Which databases a schedule backs up; a rule takes in those that come later. */
export const scheduleScopeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('database'), databaseId: databaseIdSchema }),
  z.strictObject({ kind: z.literal('host'), hostId: hostIdSchema }),
  z.strictObject({
    kind: z.literal('rule'),
    /** Every one that is given has to fit; none given fits all databases. */
    hostId: hostIdSchema.optional(),
    environment: environmentSchema.optional(),
    engine: engineIdSchema.optional(),
    /** Part of the database's name. */
    nameContains: z.string().min(1).max(63).optional(),
  }),
])
export type ScheduleScope = z.infer<typeof scheduleScopeSchema>

const keep = z.int().min(0).max(1000)

/** How many backups of a database stay; what no line keeps goes. 0 says nothing for that line. */
export const retentionSchema = z.strictObject({
  last: keep.min(1, 'Keep at least one.'),
  hourly: keep.default(0),
  daily: keep.default(0),
  weekly: keep.default(0),
  monthly: keep.default(0),
  /** Stored bytes of one database at one destination; null for no limit. The `last` ones stay, however large. */
  maxBytes: z.number().positive().nullable().default(null),
})
export type Retention = z.infer<typeof retentionSchema>

/** How often a backup that was read back is also restored into a throw-away container. */
export const testRestoreSchema = z.enum(['never', 'weekly', 'monthly'])

export const scheduleInputSchema = z.strictObject({
  name: z.string().trim().min(1, 'Give the schedule a name.').max(80, 'Use 80 characters at most.'),
  scope: scheduleScopeSchema,
  /** Five fields: minute, hour, day of the month, month, day of the week (crontab(5)). */
  cron: z.string().trim().min(1, 'Choose when it runs.').max(120),
  /** IANA name, such as Europe/Berlin. */
  timeZone: z.string().min(1).max(64),
  /** Spreads the starts by up to that many seconds, so that not all begin at once. */
  jitterSeconds: z.int().min(0).max(3600).default(60),
  destinationIds: z.array(destinationIdSchema).min(1, 'Choose a destination.').max(8),
  codec: codecSchema.default('zstd'),
  encrypt: z.boolean().default(true),
  retention: retentionSchema,
  /** After a backup, where the last proven restore of that database is older than that. */
  testRestore: testRestoreSchema.default('never'),
  enabled: z.boolean().default(true),
})
export type ScheduleInput = z.infer<typeof scheduleInputSchema>

export const scheduleSchema = scheduleInputSchema.extend({
  id: scheduleIdSchema,
  createdAt: z.number(),
  /** Epoch milliseconds; null while it is off. */
  nextRunAt: z.number().nullable(),
  lastRunAt: z.number().nullable(),
  /** Due times that passed while nothing could run; one run has made up for them. */
  missed: z.int(),
  /** The databases it takes in as of now. */
  databaseIds: z.array(databaseIdSchema),
})
export type ScheduleView = z.infer<typeof scheduleSchema>

const oneSchedule = z.strictObject({ id: scheduleIdSchema })

const removalsSchema = z.array(
  z.strictObject({
    databaseName: z.string(),
    destinationId: destinationIdSchema,
    name: z.string(),
    createdAt: z.number(),
    bytes: z.number(),
  }),
)

export const scheduleMethods = methods({
  'schedules.list': { input: z.strictObject({}), output: z.array(scheduleSchema) },
  'schedules.create': { input: scheduleInputSchema, output: oneSchedule },
  'schedules.update': {
    input: oneSchedule.extend({ change: scheduleInputSchema }),
    output: z.strictObject({}),
  },
  'schedules.remove': { input: oneSchedule, output: z.strictObject({}) },
  /** Starts a backup of every database it takes in. */
  'schedules.runNow': {
    input: oneSchedule,
    output: z.strictObject({ jobIds: z.array(jobIdSchema) }),
  },
  /**
   * The next times it would run, and which backups retention would remove, by what is known
   * of the destinations and with every other schedule that keeps some; nothing is saved. Of one that is
   * there already and would be off, or keep other databases: what the others would remove without it. To
   * remove a schedule does what turning it off does.
   */
  'schedules.preview': {
    /** With its id where it is there already: what it would do in its own place. */
    input: scheduleInputSchema.extend({ id: scheduleIdSchema.optional() }),
    output: z.strictObject({
      nextRuns: z.array(z.number()),
      databaseIds: z.array(databaseIdSchema),
      removals: removalsSchema,
      /**
       * What would go beside them a little later: once copies have been read back that never were, or that
       * a single read found damaged. Each run reads some of them.
       */
      onceRead: removalsSchema,
      /** Copies that `removals` leaves there, those of `onceRead` among them. */
      kept: z.int(),
    }),
  },
})
