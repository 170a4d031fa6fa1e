import * as z from 'zod'
import { errorDataSchema } from '../errors.ts'
import { environmentSchema } from '../names.ts'
import { methods } from './method.ts'

export const jobIdSchema = z.uuid().brand<'JobId'>()
export type JobId = z.infer<typeof jobIdSchema>

export const jobStates = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const
export type JobState = (typeof jobStates)[number]

export const jobStepSchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'undone', 'not-run']),
  /** What came of it, in words. */
  fact: z.string().nullable(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
})
export type JobStep = z.infer<typeof jobStepSchema>

export const jobSchema = z.strictObject({
  id: jobIdSchema,
  kind: z.string(),
  /** Such as `Create shop`. */
  title: z.string(),
  state: z.enum(jobStates),
  /** True while what was made is taken back. */
  undoing: z.boolean(),
  /** True when the process that ran it is gone; it goes on with the next start. */
  interrupted: z.boolean(),
  cancelRequested: z.boolean(),
  /** False where half of it would be worse than the whole. */
  cancellable: z.boolean(),
  attempt: z.int(),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** When a waiting job is due, epoch milliseconds. */
  runAt: z.number(),
  steps: z.array(jobStepSchema),
  error: errorDataSchema.nullable(),
  databaseId: z.string().nullable(),
  hostId: z.string().nullable(),
  hostName: z.string().nullable(),
  environment: environmentSchema.nullable(),
  /** A schedule or another job began it; false where a person did. */
  byItself: z.boolean(),
})
export type JobView = z.infer<typeof jobSchema>

/** How far the running step is; told often, kept nowhere. */
export const jobProgressSchema = z.strictObject({
  jobId: jobIdSchema,
  step: z.string(),
  /** Bytes done, and to do where that is known. */
  bytes: z.number().nullable(),
  totalBytes: z.number().nullable(),
  bytesPerSecond: z.number().nullable(),
  text: z.string().nullable(),
})
export type JobProgress = z.infer<typeof jobProgressSchema>

const oneJob = z.strictObject({ id: jobIdSchema })

export const jobMethods = methods({
  'jobs.list': {
    input: z.strictObject({ limit: z.int().min(1).max(500).default(100) }),
    output: z.array(jobSchema),
  },
  'jobs.get': { input: oneJob, output: jobSchema },
  'jobs.cancel': { input: oneJob, output: z.strictObject({}) },
  'jobs.retry': { input: oneJob, output: z.strictObject({}) },
})
