import * as z from 'zod'
import { connectionFormats } from '../connection-formats.ts'
import { maxTemplateLength } from '../connection-template.ts'
import { databaseNameSchema, environmentSchema } from '../names.ts'
import { engineIdSchema } from './engines.ts'
import { hostIdSchema, portSchema } from './hosts.ts'
import { jobIdSchema } from './jobs.ts'
import { methods } from './method.ts'

export const databaseIdSchema = z.uuid().brand<'DatabaseId'>()
export type DatabaseId = z.infer<typeof databaseIdSchema>

/** What a database is doing, as far as the host last told. */
export const databaseStatuses = [
  'creating',
  'running',
  /** Runs, but something is wrong with it: restarting, unhealthy. */
  'attention',
  'stopped',
  'failed',
  'trash',
  'unknown',
] as const

export const databaseSchema = z.strictObject({
  id: databaseIdSchema,
  hostId: hostIdSchema,
  hostName: z.string(),
  name: z.string(),
  environment: environmentSchema,
  engine: engineIdSchema,
  /** The version asked for, `17` for one. */
  version: z.string(),
  image: z.string(),
  containerName: z.string(),
  volumeName: z.string(),
  /** On the host's loopback; null until one is allocated. */
  port: z.int().nullable(),
  user: z.string(),
  /** The logical database inside the engine. */
  database: z.string(),
  status: z.enum(databaseStatuses),
  /** Why it is in that state, or unknown, in words; null when there is nothing to say. */
  reason: z.string().nullable(),
  /** Since when the status holds, epoch milliseconds; for `unknown`: when it was last known. */
  since: z.number().nullable(),
  /** When its process started, epoch milliseconds, while it runs. */
  startedAt: z.number().nullable(),
  /** Deletion protection. */
  protected: z.boolean(),
  /** In the trash since, epoch milliseconds. */
  deletedAt: z.number().nullable(),
  createdAt: z.number(),
  /** The job that works on it now. */
  jobId: jobIdSchema.nullable(),
})
export type DatabaseView = z.infer<typeof databaseSchema>

/** Live numbers of a running database, read on request. */
export const databaseStatsSchema = z.strictObject({
  at: z.number(),
  /** Bytes of the logical database. */
  sizeBytes: z.number(),
  connections: z.int(),
  maxConnections: z.int(),
  /** Per cent of one core. */
  cpuPercent: z.number().nullable(),
  memoryBytes: z.number().nullable(),
  /** The container's limit, else the host's memory. */
  memoryLimitBytes: z.number().nullable(),
  /** As the server says it, `17.6` for one. */
  serverVersion: z.string(),
})
export type DatabaseStats = z.infer<typeof databaseStatsSchema>

export const createDatabaseSchema = z.strictObject({
  hostId: hostIdSchema,
  engine: engineIdSchema,
  name: databaseNameSchema,
  version: z.string().min(1, 'Choose a version.').max(64),
  environment: environmentSchema,
})
export type CreateDatabaseInput = z.infer<typeof createDatabaseSchema>

/** Exactly what a create would do on the host; nothing is done yet. */
export const createPlanSchema = z.strictObject({
  containerName: z.string(),
  volumeName: z.string(),
  address: z.string(),
  /** The first free port as of now. */
  port: z.int(),
  imagePresent: z.boolean(),
  actions: z.array(z.strictObject({ verb: z.string(), text: z.string() })),
})
export type CreatePlan = z.infer<typeof createPlanSchema>

/** Everything needed to connect, except the password. */
export const connectionSchema = z.strictObject({
  host: z.string(),
  port: portSchema,
  user: z.string(),
  database: z.string(),
  sslmode: z.string(),
  /** True when host and port are a tunnel's end on this computer. */
  tunnel: z.boolean(),
  /** The port on the host itself. */
  remotePort: portSchema,
  /** Each with the password shown as dots. */
  formats: z.array(
    z.strictObject({ id: z.enum(connectionFormats), label: z.string(), masked: z.string() }),
  ),
})
export type ConnectionView = z.infer<typeof connectionSchema>

/** What is copied: a written form, the password alone, or a template of the user's, filled. */
const copiedSchema = z.union([
  z.enum([...connectionFormats, 'password']),
  z.strictObject({
    template: z
      .string()
      .min(1, 'Write a template.')
      .max(maxTemplateLength, `A template has at most ${maxTemplateLength} characters.`),
  }),
])

/** As many are read by their ids at most; more of them are the whole list. */
export const mostRead = 100

const oneDatabase = z.strictObject({ id: databaseIdSchema })
const startedJob = z.strictObject({ jobId: jobIdSchema })
/** The name typed by the user, to make sure it is the one meant. */
const confirmed = oneDatabase.extend({ confirmName: z.string() })

export const databaseMethods = methods({
  'databases.list': { input: z.strictObject({}), output: z.array(databaseSchema) },
  /** These of the list as they are now, in no order; one that is gone is left out. */
  'databases.read': {
    input: z.strictObject({ ids: z.array(databaseIdSchema).max(mostRead) }),
    output: z.array(databaseSchema),
  },
  'databases.plan': { input: createDatabaseSchema, output: createPlanSchema },
  'databases.create': {
    input: createDatabaseSchema,
    output: z.strictObject({ id: databaseIdSchema, jobId: jobIdSchema }),
  },
  /** Asks once, Docker and the engine by a login of its own; who keeps looking has `metrics.watch`. */
  'databases.stats': { input: oneDatabase, output: databaseStatsSchema },
  'databases.start': { input: oneDatabase, output: startedJob },
  'databases.stop': { input: oneDatabase, output: startedJob },
  'databases.restart': { input: oneDatabase, output: startedJob },
  /** Into the trash: the container is stopped and renamed, the volume kept. */
  'databases.delete': { input: confirmed, output: startedJob },
  'databases.undelete': { input: oneDatabase, output: startedJob },
  /** Removes a database in the trash for good, with its data. */
  'databases.purge': { input: confirmed, output: startedJob },
  'databases.setProtection': {
    input: oneDatabase.extend({ protected: z.boolean() }),
    output: z.strictObject({}),
  },
  /** How to connect from this computer; opens the tunnel where one is needed. */
  'databases.connection': { input: oneDatabase, output: connectionSchema },
  /** The password itself, because the user asked to see it. */
  'databases.reveal': { input: oneDatabase, output: z.strictObject({ password: z.string() }) },
  /** Puts a connection string or the password on the clipboard; it never passes through the window. */
  'databases.copy': {
    input: oneDatabase.extend({ what: copiedSchema }),
    output: z.strictObject({}),
  },
})
