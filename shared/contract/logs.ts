import * as z from 'zod'
import { errorDataSchema } from '../errors.ts'
import { databaseIdSchema } from './databases.ts'
import { methods } from './method.ts'

/** One line that a database's container wrote. */
export const logLineSchema = z.strictObject({
  /** Epoch milliseconds, by the host's clock. */
  at: z.number(),
  stream: z.enum(['stdout', 'stderr']),
  /** Where the line says it; null for all others. */
  level: z.enum(['error', 'warning', 'info']).nullable(),
  /** Plain text, without control characters and without the database's password. */
  text: z.string(),
  /** True where the line went on, and its rest was left out. */
  cut: z.boolean(),
})
export type LogLine = z.infer<typeof logLineSchema>

/** The most lines that are handed over or shown at once. */
export const mostLogLines = 10_000

/** What is new in a log that someone follows. */
export const logNewsSchema = z.strictObject({
  /** As the follower named itself. */
  follower: z.string(),
  /** Whether more comes: it is read, the container does not run, or the host does not answer. */
  state: z.enum(['following', 'stopped', 'waiting']),
  /** Why it waits. */
  error: errorDataSchema.nullable(),
  /** The first line's number; counted from 0, without gaps. */
  first: z.int(),
  lines: z.array(logLineSchema),
})
export type LogNews = z.infer<typeof logNewsSchema>

const follower = z.string().min(1).max(64)

export const logsMethods = methods({
  /**
   * Brings a log by `log` events, at most ten a second, and answers when that ends: by
   * `logs.unfollow`, or when the one who asked is gone; without `follow`, after the newest line.
   * A lost host is waited for, and the log goes on where it was.
   */
  'logs.follow': {
    input: z.strictObject({
      databaseId: databaseIdSchema,
      follower,
      follow: z.boolean().default(true),
      /** As many of the newest lines; null for all. */
      tail: z.int().min(0).max(1_000_000).nullable(),
      /** None older than this, epoch milliseconds. */
      since: z.number().min(0).nullable().default(null),
    }),
    output: z.strictObject({ lines: z.int() }),
  },
  'logs.unfollow': { input: z.strictObject({ follower }), output: z.strictObject({}) },
  /**
   * Asks the user where, and writes the whole log there; `saved` is false when they decided not to.
   * A `follower` is told how many lines there are by `log` events without lines, whose `first` that is;
   * `logs.unfollow` gives the download up.
   */
  'logs.download': {
    input: z.strictObject({ databaseId: databaseIdSchema, follower: follower.optional() }),
    output: z.strictObject({ saved: z.boolean(), lines: z.int() }),
  },
})
