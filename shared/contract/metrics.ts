import * as z from 'zod'
import { databaseIdSchema } from './databases.ts'
import { methods } from './method.ts'

const rate = z.number().nullable()

/**
 * How a running database was at one moment. What could not be told then is null: a rate needs two
 * readings, and an engine may be silent while its container is not.
 */
export const statsSampleSchema = z.strictObject({
  /** Epoch milliseconds. */
  at: z.number(),
  /** Per cent of one core. */
  cpuPercent: z.number().nullable(),
  /** Cores of the host. */
  cpus: z.int().nullable(),
  /** Without the page cache that can be dropped, bytes. */
  memoryBytes: z.number().nullable(),
  /** The container's limit, else the host's memory, bytes. */
  memoryLimitBytes: z.number().nullable(),
  /** Bytes per second, as the container sees it. */
  networkReceived: rate,
  networkSent: rate,
  /** Bytes per second from and to block devices. */
  diskRead: rate,
  diskWritten: rate,
  connections: z.int().nullable(),
  maxConnections: z.int().nullable(),
  /** Of the logical database, bytes; read at the slow beat. */
  sizeBytes: z.number().nullable(),
  /** Committed and rolled back, per second. */
  transactions: rate,
  /** Reads of a page that found it in the engine's cache, since the reading before. */
  cacheHitPercent: z.number().nullable(),
  /** As the server says it, `17.6` for one. */
  serverVersion: z.string().nullable(),
})
export type StatsSample = z.infer<typeof statsSampleSchema>

/** The samples of one host's beat. */
export const statsNewsSchema = z.array(
  z.strictObject({ databaseId: databaseIdSchema, sample: statsSampleSchema }),
)
export type StatsNews = z.infer<typeof statsNewsSchema>

/** A watch ends by itself when it is not renewed within this time, milliseconds. */
export const statsLeaseMs = 25_000
/** Between two samples of a database that is looked at closely, milliseconds. */
export const closeBeatMs = 2_000
/** The same for one that is only in view. */
export const slowBeatMs = 15_000
/** As long is remembered, milliseconds. */
export const statsMemoryMs = 15 * 60_000
/** The most samples of a database that are remembered or handed out. */
export const mostSamples = 460

const some = z.array(databaseIdSchema).max(1_000)

export const metricsMethods = methods({
  /**
   * Says what a face looks at, and takes the place of what it said before. Samples come as `stats`
   * events until the lease ends; nothing is measured that no one looks at.
   */
  'metrics.watch': {
    input: z.strictObject({
      /** One for each face, of its own choosing. */
      watcher: z.string().min(1).max(64),
      /** Looked at closely: a sample every two seconds. */
      close: some,
      /** In view: a sample at the slow beat. */
      inView: some,
    }),
    output: z.strictObject({}),
  },
  /** What is remembered of the last minutes, oldest first; at most `points` samples each. */
  'metrics.history': {
    input: z.strictObject({ ids: some, points: z.int().min(2).max(mostSamples) }),
    output: z.array(
      z.strictObject({ databaseId: databaseIdSchema, samples: z.array(statsSampleSchema) }),
    ),
  },
})
