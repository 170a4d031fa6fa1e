import { randomBytes } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import type { Readable } from 'node:stream'
import type { Destination } from '../../destinations/destination.ts'
import type { Engine } from '../../engines/engine.ts'
import type {
  DumpSource,
  DumpTrust,
  RestorePhase,
  RestoreReport,
  RestoreTask,
  TaskCodec,
} from '../../engines/engine-backup.ts'
import type { BackupManifest, Codec } from '../../../shared/backup-manifest.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Bulk, Clock, Labels, StreamTask } from '../ports.ts'
import { isBrokenPipe } from './broken-pipe.ts'
import { readBack, withCompressed, type ReadBackDeps } from './read-back.ts'
import type { Flow } from './stream/meter.ts'

/** How long a task that no longer reads may take to say why, milliseconds: longer than a Docker that restarts. */
const lastWordsMs = 20_000
/**
 * How long a server may make what a dump begins with before it takes any rows, milliseconds: some hundred
 * thousand tables, functions and large objects. A lost host is noticed at once.
 */
const makingMs = 30 * 60_000
/** Between two looks at how far a task is, milliseconds. */
const lookMs = 250

/** Where a restore task runs: beside a server, in its image. */
export interface TaskPlace {
  /** Of the task's container. */
  name: string
  labels: Labels
  imageId: string
  containerId: string
}

/** What is to be restored. */
export interface FeedSpec extends TaskPlace {
  engine: Engine
  /** An empty logical database, and who fills it. */
  target: DumpSource
  manifest: BackupManifest
  destination: Destination
  trust: DumpTrust
  /** What must be free on Docker's disk, bytes. */
  roomBytes: number
}

export interface FeedOptions {
  signal: AbortSignal
  onFlow: (flow: Flow) => void
  /** How far it is once everything has been sent. */
  onPhase: (phase: RestorePhase) => void
}

/**
 * Restores a copy: its bytes go, checked, to the restore task of the engine, which checks them too:
 * before it begins, where their seal has not proven each of them before it was sent. Whether a copy is damaged is told by what this computer
 * reads of it: a host that has not got the dump whole may have spoilt it itself.
 * @returns what the tools warned of
 * @throws QuaysideError `backup_damaged`, `backup_key_wrong`, `restore_failed`, `disk_full`, `host_lost`,
 * `stalled`, what the destination failed with
 */
export async function feedRestore(
  deps: ReadBackDeps & { bulk: Bulk },
  spec: FeedSpec,
  options: FeedOptions,
): Promise<string[]> {
  const { manifest, destination } = spec
  const { dump } = manifest
  return asTheImageCan(dump.codec, async (sent) => {
    const whole = sent === dump.codec
    const program = spec.engine.backup.restore({
      target: spec.target,
      nonce: taskNonce(),
      codec: sent,
      expected: {
        sha256: whole ? dump.compressedSha256 : dump.plainSha256,
        roomBytes: spec.roomBytes,
      },
      trust: spec.trust,
    })
    const doubt = doubtOf(program)
    const agreed = { is: false }
    try {
      return await runRestoreTask(deps, spec, doubt.program, options, async (take, signal) => {
        await withCompressed(
          deps,
          destination,
          manifest,
          { signal, onFlow: options.onFlow },
          {
            name: 'the restore',
            patienceMs: makingMs,
            stages: whole
              ? []
              : [{ name: 'the decompression', stream: deps.codecs.decompress(dump.codec) }],
            take,
          },
        )
        agreed.is = true
      })
    } catch (thrown) {
      if (!doubt.isIt(thrown)) throw thrown
      // The task read no more before all was compared here.
      if (!agreed.is) await readBack(deps, destination, manifest, { signal: options.signal })
      throw spoiltThere(thrown)
    }
  })
}

/** A program whose report does not judge what it was sent: that the dump is not whole there is kept apart. */
function doubtOf(program: RestoreTask): {
  program: RestoreTask
  isIt(thrown: unknown): thrown is QuaysideError
} {
  const doubts = new Set<unknown>()
  const report = (ended: Parameters<RestoreTask['report']>[0]): RestoreReport => {
    try {
      return program.report(ended)
    } catch (thrown) {
      if (thrown instanceof QuaysideError && thrown.code === 'backup_damaged') doubts.add(thrown)
      throw thrown
    }
  }
  return {
    program: { ...program, report },
    isIt: (thrown): thrown is QuaysideError => doubts.has(thrown),
  }
}

function spoiltThere(cause: QuaysideError): QuaysideError {
  return new QuaysideError('restore_failed', 'The dump did not stay whole on the host.', {
    hint: 'The backup is whole as this computer reads it: the disk or the memory of the host is at fault, or its tools could not read the dump to its end. Nothing was changed. Restore again, or on another host.',
    detail: cause.detail,
  })
}

/** Marks a task's own words; nothing in a dump can know it. */
export function taskNonce(): string {
  return randomBytes(16).toString('hex')
}

/**
 * Restores what is compressed as it is, where the image can decompress it; else decompressed. What an
 * image lacks is found out by asking it.
 */
export async function asTheImageCan<T>(
  codec: Codec,
  attempt: (sent: TaskCodec) => Promise<T>,
): Promise<T> {
  // No image has it.
  if (codec === 'lz4') return attempt('none')
  try {
    return await attempt(codec)
  } catch (thrown) {
    const lacks = thrown instanceof QuaysideError && thrown.facts?.['problem'] === 'codec'
    if (!lacks) throw thrown
    return attempt('none')
  }
}

/** The sink of what is sent to a task. */
export type Take = (content: Readable, signal: AbortSignal) => Promise<void>

/**
 * Runs a restore task to its end.
 * @param feed gives it its input, to the end, by `take`
 * @returns what the tools warned of
 */
export async function runRestoreTask(
  { bulk, clock }: { bulk: Bulk; clock: Clock },
  place: TaskPlace,
  program: RestoreTask,
  options: FeedOptions,
  feed: (take: Take, signal: AbortSignal) => Promise<void>,
): Promise<string[]> {
  const over = AbortSignal.any([options.signal, bulk.lost])
  const task = await bulk.docker().startTask(
    {
      name: place.name,
      image: place.imageId,
      command: program.command,
      labels: place.labels,
      network: { container: place.containerId },
      tmpfs: program.tmpfs,
      memoryBytes: program.memoryBytes,
      ...(program.scratch !== null && { scratch: program.scratch }),
    },
    { signal: over },
  )
  try {
    task.exit.catch(() => undefined)
    // It says nothing there, and would wait if it did.
    task.stdout.resume()
    task.stdin.write(program.input)
    await feed((content, ending) => send(clock, content, { task, program }, ending), over)
    return await ended(clock, { task, program }, over, options.onPhase)
  } finally {
    await task.remove()
  }
}

interface Running {
  task: StreamTask
  program: RestoreTask
}

/** Gives the task its input to the end. A task that reads no more says why by how it ended. */
async function send(
  clock: Clock,
  content: Readable,
  { task, program }: Running,
  signal: AbortSignal,
): Promise<void> {
  // Each of the two takes the other down: what counts is which failed first.
  let cut = content.errored !== null
  content.once('error', () => {
    cut ||= task.stdin.errored === null
  })
  try {
    await pipeline(content, task.stdin, { signal })
  } catch (thrown) {
    if (signal.aborted || cut) throw thrown
    const exitCode = await exitWithin(clock, task, lastWordsMs, signal)
    if (exitCode !== null) program.report({ exitCode, stderr: task.stderr() })
    throw isBrokenPipe(thrown) ? silentEnd(thrown) : thrown
  }
}

function silentEnd(cause: unknown): QuaysideError {
  return new QuaysideError('docker_down', 'What ran on the host ended without a word.', {
    hint: 'Docker was restarted there, or has much to do. Quayside tries again by itself.',
    cause,
  })
}

/** The task once it is over: it checks, then restores, and that takes its time. */
async function ended(
  clock: Clock,
  { task, program }: Running,
  signal: AbortSignal,
  onPhase: (phase: RestorePhase) => void,
): Promise<string[]> {
  for (;;) {
    const exitCode = await exitWithin(clock, task, lookMs, signal)
    if (exitCode !== null) return program.report({ exitCode, stderr: task.stderr() }).warnings
    const phase = program.phaseIn(task.stderr())
    if (phase !== null) onPhase(phase)
  }
}

/** The task's exit code if it is known in time, else null. */
async function exitWithin(
  clock: Clock,
  task: StreamTask,
  ms: number,
  signal: AbortSignal,
): Promise<number | null> {
  const known = new AbortController()
  try {
    return await Promise.race([
      task.exit,
      clock.sleep(ms, AbortSignal.any([signal, known.signal])).then(() => null),
    ])
  } finally {
    known.abort()
  }
}
