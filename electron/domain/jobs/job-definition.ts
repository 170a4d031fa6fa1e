import type * as z from 'zod'
import type { JobId } from '../../../shared/contract/jobs.ts'
import type { JobProgress } from '../../../shared/contract/jobs.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { JobKind } from '../../../shared/job-kinds.ts'

/** A kind of job. Its `run` reads as a story of steps, each of which can be repeated. */
export interface JobDefinition<Input = unknown> {
  readonly kind: JobKind
  /** Parsed again each time the job is taken up, since it comes from the store. */
  readonly input: z.ZodType<Input>
  /** Every step in order, so that a face can show what is to come. */
  steps(input: Input): StepTitle[]
  /** Ensures the records the job needs; runs in the transaction that enqueues or retries it. */
  prepare?(input: Input): void
  /** Takes back what is there before the first step, for a job that is cancelled before it. Repeated. */
  forget?(input: Input): Promise<void>
  run(input: Input, job: JobContext): Promise<void>
  /** By name, what takes an effect back. Content when there is nothing to take back. */
  readonly undo: Readonly<Record<string, Undo>>
  /** False where taking back half of it would be worse than finishing it. */
  readonly cancellable: boolean
  /** It moves as many bytes as the user has: it runs in the thread for that, where there is one. */
  readonly heavy?: true
}

/** A definition whose input is parsed at the door, so that kinds of all inputs fit in one map. */
export function eraseInput<Input>(definition: JobDefinition<Input>): JobDefinition {
  const { input, prepare, forget } = definition
  return {
    ...definition,
    input,
    steps: (data) => definition.steps(input.parse(data)),
    ...(prepare !== undefined && {
      prepare: (data: unknown) => prepare.call(definition, input.parse(data)),
    }),
    ...(forget !== undefined && {
      forget: (data: unknown) => forget.call(definition, input.parse(data)),
    }),
    run: (data, job) => definition.run(input.parse(data), job),
  }
}

/** The error of a job whose kind this version does not know. */
export function unknownKind({ title }: { title: string }): QuaysideError {
  return new QuaysideError('store_newer', `This version can't do the job “${title}”.`, {
    hint: 'Update Quayside; a newer version has begun this job.',
  })
}

export interface StepTitle {
  name: string
  title: string
}

/** Takes back what a step did. Repeated until it succeeds, also by another process. */
export interface Undo {
  readonly input: z.ZodType
  run(input: unknown, undoing: UndoContext): Promise<void>
}

/** What an undo may use. */
export interface UndoContext {
  readonly signal: AbortSignal
  /** How the job ends: one that failed may be retried with what it was given. */
  readonly end: 'failed' | 'cancelled'
  /** Says of the step what could not be taken back, in words. */
  fact(text: string): void
}

/** Declares an undo with its input's schema. */
export function undo<T>(
  input: z.ZodType<T>,
  run: (input: T, signal: AbortSignal, undoing: UndoContext) => Promise<void>,
): Undo {
  return { input, run: (data, undoing) => run(input.parse(data), undoing.signal, undoing) }
}

/** What a running job may use. */
export interface JobContext {
  readonly id: JobId
  readonly signal: AbortSignal
  /**
   * Runs a step, or returns what it gave when it ran before. The undo is written down before the
   * step's effect begins. A step runs at least once, so it must ensure rather than do.
   */
  step<T>(step: Step<T>): Promise<T>
  /** As `step`, for one that gives nothing but its effect. */
  effect(effect: Effect): Promise<void>
}

export interface Step<T> {
  name: string
  output: z.ZodType<T>
  undo?: { name: string; input: unknown }
  run(step: StepContext): Promise<T>
}

export interface Effect extends Omit<Step<void>, 'output' | 'run'> {
  run(step: StepContext): void | Promise<void>
}

export interface StepContext {
  readonly signal: AbortSignal
  /** Says what came of the step, in words. */
  fact(text: string): void
  /** Says how far it is; told to the faces at most ten times a second. */
  progress(progress: Partial<Omit<JobProgress, 'jobId' | 'step'>>): void
}
