import * as z from 'zod'
import { isAbort, QuaysideError, toErrorData, type ErrorCode } from '../../../shared/errors.ts'
import type { JobId } from '../../../shared/contract/jobs.ts'
import type { Clock, JobRecord, JobStepRecord, Log, Publish, Stores } from '../ports.ts'
import { backoffMs } from './backoff.ts'
import { mayPass, untilWritten } from '../once-free.ts'
import { tellJob } from './job-news.ts'
import type { JobContext, JobDefinition, Step, StepContext } from './job-definition.ts'

/** Tries of a job before it is given up and taken back: the waits between take two to four minutes. */
const maxAttempts = 10
/** Causes that pass by themselves, each with how often the same step is tried for it. */
const transient: ReadonlyMap<ErrorCode, number> = new Map([
  ['host_lost', maxAttempts],
  ['host_unreachable', maxAttempts],
  ['docker_down', maxAttempts],
  ['pull_failed', maxAttempts],
  ['store_busy', maxAttempts],
  ['destination_unreachable', maxAttempts],
  // Each such try has waited for minutes by itself, and may have moved a whole dump before.
  ['stalled', 3],
])
/** Of those, what an undo does not wait for without end: it can be gone for good. */
const mayStay: ReadonlySet<ErrorCode> = new Set(['destination_unreachable', 'stalled'])
/** Tries of an undo that fails for a cause that does not pass by itself. */
const maxUndoAttempts = 5
/** How long a job waits for the data file; in the end of the process there is less time, milliseconds. */
const writeWithinMs = 60_000
const lastWriteWithinMs = 3_000

/** A step's boundary, told to whoever wants to stop the world there (a test); the job waits for it. */
export type StepHook = (
  kind: string,
  step: string,
  when: 'before' | 'after',
) => void | Promise<void>

export interface RunJobDeps {
  stores: Stores
  clock: Clock
  log: Log
  publish: Publish
  random: () => number
  onStep: StepHook
}

/** Why a running job is told to stop. */
export type StopReason = 'cancel' | 'shutdown'

/** Writes to the job's records, however long another program holds them: the job waits, and nothing else. */
type Write = (write: () => void) => Promise<void>

/**
 * Runs a claimed job until it ends or has to wait. Its row always says the truth: the state is
 * written before the claim is given back.
 * @param stopReason what the signal's abort means, once it is aborted
 */
export async function runJob(
  deps: RunJobDeps,
  definition: JobDefinition,
  claimed: JobRecord,
  signal: AbortSignal,
  stopReason: () => StopReason | null,
): Promise<void> {
  const { stores, clock } = deps
  const id = claimed.id
  const write: Write = (work) =>
    untilWritten(clock, work, () =>
      stopReason() === 'shutdown' ? lastWriteWithinMs : writeWithinMs,
    )
  const save: Save = async (change) => {
    await write(() => stores.jobs.update(id, change))
    tellJob(deps.publish, claimed)
  }
  const wait = (attempt: number): Promise<void> =>
    save({ state: 'waiting', attempt, runAt: clock.now() + backoffMs(attempt, deps.random()) })

  await save({ state: 'running', startedAt: claimed.startedAt ?? clock.now() })
  let undoing = claimed.undoing ?? (claimed.cancelRequested ? 'cancelled' : null)

  if (undoing === null) {
    try {
      const input = definition.input.parse(claimed.input)
      await definition.run(input, context({ ...deps, write }, definition, id, signal))
      await save({ state: 'done', endedAt: clock.now(), error: null })
      return
    } catch (thrown) {
      await write(() => failRunningStep(deps, id))
      if (signal.aborted && stopReason() === 'shutdown') {
        await save({ state: 'waiting', runAt: clock.now() })
        return
      }
      const cancelled = signal.aborted || stores.jobs.get(id)?.cancelRequested === true
      if (!cancelled) deps.log.error(`job ${definition.kind} failed`, thrown, { job: id })
      const attempt = claimed.attempt + 1
      if (!cancelled && attempt < triesFor(thrown)) {
        await write(() => stores.jobs.update(id, { error: toErrorData(thrown) }))
        await wait(attempt)
        return
      }
      undoing = cancelled ? 'cancelled' : 'failed'
      await save({ undoing, attempt: 0, error: cancelled ? null : toErrorData(thrown) })
    }
  } else if (claimed.undoing === null) {
    await save({ undoing, attempt: 0 })
  }

  await undoSteps({ ...deps, write }, definition, id, undoing, wait, save)
}

type Save = (change: Parameters<Stores['jobs']['update']>[1]) => Promise<void>
type WritingDeps = RunJobDeps & { write: Write }

async function undoSteps(
  deps: WritingDeps,
  definition: JobDefinition,
  id: JobId,
  end: 'failed' | 'cancelled',
  wait: (attempt: number) => Promise<void>,
  save: Save,
): Promise<void> {
  const { stores, clock, write } = deps
  // A cancel or a quit must not interrupt the undo of one step: it is short, and repeated if it is cut.
  const signal = AbortSignal.timeout(120_000)
  try {
    for (const step of stores.jobs.steps(id).toReversed()) {
      if (step.undo === null || step.state === 'undone') continue
      const undo = definition.undo[step.undo.name]
      if (undo === undefined) throw new Error(`no undo named ${step.undo.name}`)
      await deps.onStep(definition.kind, `undo-${step.name}`, 'before')
      let fact: string | null = null
      await undo.run(step.undo.input, { signal, end, fact: (text) => (fact = text) })
      await deps.onStep(definition.kind, `undo-${step.name}`, 'after')
      // The step that failed keeps its mark, so that one sees where it went wrong.
      await write(() =>
        stores.jobs.updateStep(id, step.name, {
          undo: null,
          ...(fact !== null && { fact }),
          ...(step.state !== 'failed' && { state: 'undone' as const }),
        }),
      )
    }
    // The first step would have taken it back; where none has begun, nothing else knows of it.
    if (stores.jobs.steps(id).every(({ state }) => state === 'waiting')) {
      await definition.forget?.(stores.jobs.get(id)?.input)
    }
  } catch (thrown) {
    deps.log.error(`undo of job ${definition.kind} failed`, thrown, { job: id })
    const attempt = (stores.jobs.get(id)?.attempt ?? 0) + 1
    if (passes(thrown) || isAbort(thrown) || attempt < maxUndoAttempts) {
      await wait(attempt)
      return
    }
    await save({
      state: 'failed',
      undoing: null,
      endedAt: clock.now(),
      error: toErrorData(leftBehind(thrown, definition.kind)),
    })
    return
  }
  await write(() => {
    for (const step of stores.jobs.steps(id)) {
      if (step.state === 'waiting') stores.jobs.updateStep(id, step.name, { state: 'not-run' })
    }
  })
  await save({ state: end, undoing: null, endedAt: clock.now() })
}

function leftBehind(thrown: unknown, kind: string): QuaysideError {
  const cause = toErrorData(thrown)
  return new QuaysideError(cause.code, `What was made could not be taken back: ${cause.message}`, {
    hint: [cause.hint, 'Retry takes it up again and finds what is there.']
      .filter((part) => part !== undefined)
      .join(' '),
    detail: `${kind}: ${cause.detail ?? cause.message}`,
  })
}

/** How often a step is tried that fails so; once for what does not pass by itself. */
function triesFor(thrown: unknown): number {
  return thrown instanceof QuaysideError ? (transient.get(thrown.code) ?? 1) : 1
}

/** Whether an undo waits for it as long as it lasts. */
function passes(thrown: unknown): boolean {
  return thrown instanceof QuaysideError && transient.has(thrown.code) && !mayStay.has(thrown.code)
}

function failRunningStep(deps: RunJobDeps, id: JobId): void {
  for (const step of deps.stores.jobs.steps(id)) {
    if (step.state !== 'running') continue
    deps.stores.jobs.updateStep(id, step.name, { state: 'failed', endedAt: deps.clock.now() })
  }
}

function context(
  deps: WritingDeps,
  definition: JobDefinition,
  id: JobId,
  signal: AbortSignal,
): JobContext {
  const { stores, clock, write } = deps
  const find = (name: string): JobStepRecord => {
    const step = stores.jobs.steps(id).find((candidate) => candidate.name === name)
    if (step === undefined) throw new Error(`${definition.kind} has no step ${name}`)
    return step
  }
  const step = async <T>(step: Step<T>): Promise<T> => {
    const before = find(step.name)
    if (before.state === 'done') return step.output.parse(before.output)
    signal.throwIfAborted()
    await write(() =>
      stores.jobs.updateStep(id, step.name, {
        state: 'running',
        startedAt: clock.now(),
        endedAt: null,
        fact: null,
        ...(step.undo !== undefined && { undo: step.undo }),
      }),
    )
    deps.publish({ type: 'changed', topic: 'jobs', ids: [id] })
    await deps.onStep(definition.kind, step.name, 'before')
    const { context: stepContext, lateFact } = stepContextOf(deps, id, step.name, signal)
    const output = await step.run(stepContext)
    await deps.onStep(definition.kind, step.name, 'after')
    // Cancelled at the last moment: the effect is there and its undo is written, so it is taken back.
    signal.throwIfAborted()
    await write(() =>
      stores.jobs.updateStep(id, step.name, {
        state: 'done',
        endedAt: clock.now(),
        output,
        ...lateFact(),
      }),
    )
    deps.publish({ type: 'changed', topic: 'jobs', ids: [id] })
    return output
  }
  return {
    id,
    signal,
    step,
    effect: async ({ run, ...effect }) => {
      const done = async (context: StepContext): Promise<null> => {
        await run(context)
        return null
      }
      await step({ ...effect, output: z.null(), run: done })
    },
  }
}

function stepContextOf(
  deps: RunJobDeps,
  jobId: JobId,
  step: string,
  signal: AbortSignal,
): { context: StepContext; lateFact: () => { fact?: string } } {
  let told: { at: number; text: string | null } = { at: 0, text: null }
  let late: { fact?: string } = {}
  const context: StepContext = {
    signal,
    fact: (text) => {
      late = {}
      try {
        deps.stores.jobs.updateStep(jobId, step, { fact: text })
      } catch (thrown) {
        if (!mayPass(thrown)) throw thrown
        // The end of the step brings it.
        late = { fact: text }
      }
      deps.publish({ type: 'changed', topic: 'jobs', ids: [jobId] })
    },
    progress: (progress) => {
      const now = deps.clock.now()
      const complete = progress.bytes !== undefined && progress.bytes === progress.totalBytes
      const text = progress.text ?? null
      // What is said may stay for long, however soon it comes. A clock that is set back must not silence it.
      if (Math.abs(now - told.at) < 100 && text === told.text && !complete) return
      told = { at: now, text }
      deps.publish({
        type: 'job-progress',
        progress: {
          jobId,
          step,
          bytes: progress.bytes ?? null,
          totalBytes: progress.totalBytes ?? null,
          bytesPerSecond: progress.bytesPerSecond ?? null,
          text,
        },
      })
    },
  }
  return { context, lateFact: () => late }
}
