import { pipeline, Transform, type Duplex, type Readable } from 'node:stream'
import type { ErrorCode } from '../../../../shared/errors.ts'
import type { Clock } from '../../ports.ts'
import { firstCause, type Failure } from './first-cause.ts'
import { stallOf } from './stall-watch.ts'

/** How long a sink may take to clean up after a failure. */
const graceMs = 10_000
/** How long one that has let go of the content may take to say why: a Docker that restarts takes its time. */
const answerMs = 25_000

interface Part {
  /** For messages, as in “the dump stands still”. */
  name: string
  /** How long it may take until it gives or reads on, milliseconds; `stallMs` where left out. */
  patienceMs?: number | undefined
}

export interface PipelineSpec<T> {
  source: Part & { stream: Readable }
  stages: readonly (Part & { stream: Duplex })[]
  sink: Part & {
    /** Reads the content to its end. When that fails, or on the signal, leaves nothing behind. */
    take(content: Readable, signal: AbortSignal): Promise<T>
  }
  signal?: AbortSignal | undefined
  clock: Clock
  /** No byte anywhere for this long, milliseconds, is a failure. Not watched are the sink's own last steps. */
  stallMs: number
  /** Things without which this makes no sense, such as a connection: the run ends when one rejects. */
  guards?: readonly Promise<unknown>[] | undefined
  /** The code where data broke off and nobody knows why. */
  code?: ErrorCode | undefined
}

/**
 * Runs source, stages and sink to the end. Resolves with what the sink gave, only if every part has
 * ended by itself and the sink has read to the end. Else everything is torn down, and it rejects, once
 * the sink is done, with the failure that came first or with the signal's reason.
 */
export async function runPipeline<T>(spec: PipelineSpec<T>): Promise<T> {
  const { source, stages, sink, clock } = spec
  const failures: Failure[] = []
  const over = new AbortController()
  let moved = 0
  const probe = (): Transform =>
    new Transform({
      transform(chunk, _encoding, next) {
        moved += 1
        next(null, chunk)
      },
    })
  const parts = [source, ...stages].map((part) => ({ ...part, probe: probe() }))
  const streams = parts.flatMap((part) => [part.stream, part.probe])
  const content = parts.at(-1)?.probe ?? probe()

  const fail = (at: Failure['at'], name: string, error: unknown): void => {
    failures.push({ at, name, error })
    if (failures.length > 1) {
      // Nobody waits for an answer any more.
      if (at === 'around') over.abort(error)
      return
    }
    // A sink that lets go of the content is about to say why: an abort now would be its answer.
    if (at === 'mouth') void clock.sleep(answerMs).then(() => over.abort(error))
    else over.abort(error)
    const reason = error instanceof Error ? error : new Error(String(error))
    for (const stream of streams) stream.destroy(reason)
  }

  for (const part of parts) {
    part.stream.on('error', (error) => fail('part', part.name, error))
    part.stream.on('close', () => {
      if (part.stream.readableEnded || part.stream.errored) return
      fail('part', part.name, prematureClose())
    })
    const mouth = part.probe === content
    part.probe.on('error', (error) => {
      // A later part tears it down too, before the sink says why it has failed.
      fail(mouth ? 'mouth' : 'part', mouth ? sink.name : part.name, error)
    })
  }

  const cancel = (): void => fail('around', 'the caller', spec.signal?.reason)
  spec.signal?.addEventListener('abort', cancel)
  for (const guard of spec.guards ?? [])
    guard.catch((error: unknown) => fail('around', source.name, error))

  const flowed = new Promise<void>((resolve) => {
    pipeline(streams, (error) => {
      if (error) fail('part', source.name, error)
      resolve()
    })
  })
  const watching = new AbortController()
  const stopWatch = (): void => watching.abort()
  over.signal.addEventListener('abort', stopWatch)
  void flowed.then(stopWatch)
  const last = { name: sink.name, stream: null, probe: null, patienceMs: sink.patienceMs }
  const watched = stallOf([...parts, last], () => moved, {
    clock,
    afterMs: spec.stallMs,
    signal: watching.signal,
  }).then(
    (stall) => stall && fail('around', '', stall),
    (error: unknown) => fail('around', '', error),
  )

  const taken = takeAll(sink, content, over.signal).then(
    (value) => {
      if (content.readableEnded) return { value }
      fail('sink', sink.name, prematureClose())
      return null
    },
    (error: unknown) => {
      fail('sink', sink.name, error)
      return null
    },
  )

  try {
    if (spec.signal?.aborted === true) cancel()
    const failed = new Promise<void>((resolve) => {
      if (over.signal.aborted) resolve()
      over.signal.addEventListener('abort', () => resolve())
    })
    await Promise.race([Promise.all([taken, flowed]), failed])
    const result = await withinGrace(clock, taken)
    await watched
    if (failures.length > 0 || result === null)
      throw firstCause(failures, spec.code ?? 'backup_failed')
    return result.value
  } finally {
    spec.signal?.removeEventListener('abort', cancel)
  }
}

async function takeAll<T>(
  sink: PipelineSpec<T>['sink'],
  content: Readable,
  signal: AbortSignal,
): Promise<T> {
  return sink.take(content, signal)
}

/** What a torn-down sink ends with, if it does so in time; null if not: then it is left alone. */
async function withinGrace<T>(clock: Clock, taken: Promise<T>): Promise<T | null> {
  const enough = new AbortController()
  try {
    return await Promise.race([
      taken,
      clock.sleep(graceMs, enough.signal).then(
        () => null,
        () => null,
      ),
    ])
  } finally {
    enough.abort()
  }
}

function prematureClose(): Error {
  return Object.assign(new Error('closed before the end'), { code: 'ERR_STREAM_PREMATURE_CLOSE' })
}
