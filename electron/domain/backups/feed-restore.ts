import { randomBytes } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import type { Readable } from 'node:stream'
import type { Destination } from '../../destinations/destination.ts'
import type { DumpSource, Engine, RestorePhase, RestoreTask } from '../../engines/engine.ts'
import type { BackupManifest } from '../../../shared/backup-manifest.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Bulk, Clock, Labels, StreamTask } from '../ports.ts'
import { withCompressed, type ReadBackDeps } from './read-back.ts'
import type { Flow } from './stream/meter.ts'

/** How long a task that no longer reads may take to say why, milliseconds. */
const lastWordsMs = 5_000
/** Between two looks at how far a task is, milliseconds. */
const lookMs = 250

/** What is to be restored by a task beside a server. */
export interface FeedSpec {
  engine: Engine
  /** An empty logical database, and who fills it. */
  target: DumpSource
  manifest: BackupManifest
  destination: Destination
  /** Of the task's container. */
  name: string
  labels: Labels
  imageId: string
  containerId: string
  /** True where nothing says that we made it: owners and grants are left out. */
  foreign: boolean
}

export interface FeedOptions {
  signal: AbortSignal
  onFlow: (flow: Flow) => void
  /** How far it is once everything has been sent. */
  onPhase: (phase: RestorePhase) => void
}

/**
 * Restores a copy: its bytes go, checked, to the restore task of the engine, which begins only when it
 * has all of them and has checked them too.
 * @returns what the tools warned of
 * @throws QuaysideError `backup_damaged`, `backup_key_wrong`, `restore_failed`, `disk_full`, `host_lost`,
 * `stalled`, what the destination failed with
 */
export async function feedRestore(
  deps: ReadBackDeps & { bulk: Bulk },
  spec: FeedSpec,
  options: FeedOptions,
): Promise<string[]> {
  const { codec } = spec.manifest.dump
  // What no image has is decompressed here; what this one lacks is found out by asking it.
  if (codec === 'lz4') return attempt(deps, spec, 'none', options)
  try {
    return await attempt(deps, spec, codec, options)
  } catch (thrown) {
    const lacks = thrown instanceof QuaysideError && thrown.facts?.['problem'] === 'codec'
    if (!lacks) throw thrown
    return attempt(deps, spec, 'none', options)
  }
}

async function attempt(
  deps: ReadBackDeps & { bulk: Bulk },
  spec: FeedSpec,
  sent: 'none' | 'gzip' | 'zstd',
  options: FeedOptions,
): Promise<string[]> {
  const over = AbortSignal.any([options.signal, deps.bulk.lost])
  const { dump } = spec.manifest
  const whole = sent === dump.codec
  const program = spec.engine.backup.restore({
    target: spec.target,
    nonce: randomBytes(16).toString('hex'),
    codec: sent,
    expected: {
      of: whole ? 'sent' : 'plain',
      sha256: whole ? dump.compressedSha256 : dump.plainSha256,
      plainBytes: dump.plainBytes,
    },
    foreign: spec.foreign,
  })
  const task = await deps.bulk.docker().startTask(
    {
      name: spec.name,
      image: spec.imageId,
      command: program.command,
      labels: spec.labels,
      network: { container: spec.containerId },
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
    await withCompressed(
      deps,
      spec.destination,
      spec.manifest,
      { signal: over, onFlow: options.onFlow },
      {
        name: 'the restore',
        stages: whole
          ? []
          : [{ name: 'the decompression', stream: deps.codecs.decompress(dump.codec) }],
        take: (content, ending) => send(deps.clock, content, { task, program }, ending),
      },
    )
    return await ended(deps.clock, { task, program }, over, options.onPhase)
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
  try {
    await pipeline(content, task.stdin, { signal })
  } catch (thrown) {
    if (signal.aborted || content.errored !== null) throw thrown
    const exitCode = await exitWithin(clock, task, lastWordsMs, signal)
    if (exitCode !== null) program.report({ exitCode, stderr: task.stderr() })
    throw thrown
  }
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
