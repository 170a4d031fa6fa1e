import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Destination } from '../../destinations/destination.ts'
import type { Engine } from '../../engines/engine.ts'
import type {
  BackupRole,
  BackupSession,
  DatabaseFacts,
  DumpReport,
  DumpSource,
  DumpTask,
  TableRows,
} from '../../engines/engine-backup.ts'
import type { Codec } from '../../../shared/backup-manifest.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Bulk, Clock, Codecs, Digest, Labels, StreamTask } from '../ports.ts'
import { stallMs } from './backup-job.ts'
import { beside } from './stream/beside.ts'
import { digest } from './stream/digest.ts'
import { encrypt } from './stream/encrypt.ts'
import type { BackupKey } from './stream/cipher-format.ts'
import { gate } from './stream/gate.ts'
import { meter, type Flow } from './stream/meter.ts'
import { runPipeline } from './stream/run-pipeline.ts'

/** One database to dump, and how. */
export interface DumpJob {
  engine: Engine
  source: DumpSource
  /** What is wished; another codec where neither the image nor this computer has it. */
  codec: Codec
  /** Of the task's container. */
  name: string
  labels: Labels
  imageId: string
  /** Whose loopback the task shares; null for a server elsewhere, on the way that the host goes there. */
  containerId: string | null
  /** Null leaves the objects as they are. */
  key: BackupKey | null
}

export interface DumpDeps {
  bulk: Bulk
  codecs: Codecs
  clock: Clock
  /** Logs in to the database; the signal ends the session. */
  openSession(signal: AbortSignal): Promise<BackupSession>
}

/** Where the dump is written, once it is known how it is compressed. */
export interface DumpPlace {
  destination: Pick<Destination, 'put'>
  nameOf(codec: Codec): string
  /**
   * How many the last dump has stored, null where there was none, for a place that plans its parts by
   * that; not given for one that needs no plan.
   */
  lastBytes?: number | null
}

/**
 * What a first dump is expected to be of what its database takes: it holds no indexes and is compressed,
 * so that it is seldom more.
 */
const firstShare = 1 / 3

/**
 * How long a server may read without a byte for the dump, as where a table holds mostly dead rows, or
 * count rows once all bytes are there, milliseconds. A task that ends and a host that is lost are noticed
 * at once.
 */
const readingMs = 60 * 60_000
/**
 * How long the tool may be held up before its first byte, milliseconds: every table is locked meanwhile,
 * and who wants to alter one waits, with all who come after him.
 */
const heldUpMs = 5 * 60_000
/** How often it is asked whether it is. */
const heldUpLookMs = 30_000

/** A dump that is stored whole, and what it was made of. */
export interface StoredDump {
  name: string
  report: DumpReport
  /** The codec of what is stored, wherever it was compressed. */
  codec: Codec
  compressedAt: 'host' | 'here'
  /** Of the dump itself. */
  plain: Digest
  compressed: Digest
  stored: Digest
  tables: TableRows[]
  database: DatabaseFacts
  roles: BackupRole[]
  /** Every logical database of the server, this one too, but its own. */
  allDatabases: string[]
}

/**
 * Dumps a database to a destination. The object is completed only if everything agrees: the exit codes
 * and the report of the task, the digests on both sides, the dump as it comes out of its codec again, and
 * the session whose snapshot was dumped.
 * @throws QuaysideError `backup_failed`, `stalled`, what the destination or the host failed with
 */
export async function dumpDatabase(
  deps: DumpDeps,
  job: DumpJob,
  place: DumpPlace,
  { signal, onFlow }: { signal: AbortSignal; onFlow: (flow: Flow) => void },
): Promise<StoredDump> {
  const over = AbortSignal.any([signal, deps.bulk.lost])
  const session = await deps.openSession(over)
  try {
    const { lastBytes } = place
    // Before the snapshot, which is the backup's moment.
    const expectedBytes =
      lastBytes === null ? Math.ceil((await session.survey()).bytes * firstShare) : lastBytes
    const program = job.engine.backup.dump({
      source: job.source,
      nonce: randomBytes(16).toString('hex'),
      snapshot: await session.exportSnapshot(),
      codec: job.codec === 'lz4' ? 'none' : job.codec,
    })
    const task = await deps.bulk.docker().startTask(
      {
        name: job.name,
        image: job.imageId,
        command: program.command,
        labels: job.labels,
        network: job.containerId === null ? 'host' : { container: job.containerId },
        tmpfs: program.tmpfs,
        memoryBytes: program.memoryBytes,
        ...(program.scratch !== null && { scratch: program.scratch }),
      },
      { signal: over },
    )
    try {
      task.stdin.end(program.input)
      const facts = readFacts(session, job)
      const running = { program, task, session, facts, signal: over, onFlow }
      return await store(deps, job, { ...place, expectedBytes }, running)
    } finally {
      await task.remove()
    }
  } finally {
    await session.close()
  }
}

type Facts = Pick<StoredDump, 'tables' | 'database' | 'roles' | 'allDatabases'>

async function readFacts(session: BackupSession, { key }: DumpJob): Promise<Facts> {
  // One after another: a session does one thing at a time.
  const tables = await session.tables()
  const database = await session.database()
  const roles = await session.roles({ verifiers: key !== null })
  const allDatabases = await session.listDatabases()
  return { tables, database, roles, allDatabases }
}

interface Running {
  program: DumpTask
  task: StreamTask
  session: BackupSession
  facts: Promise<Facts>
  signal: AbortSignal
  onFlow: (flow: Flow) => void
}

async function store(
  deps: DumpDeps,
  job: DumpJob,
  { destination, nameOf, expectedBytes }: DumpPlace & { expectedBytes: number | undefined },
  running: Running,
): Promise<StoredDump> {
  const { program, task, facts, signal, onFlow } = running
  // Said at the gate, and as the reason of a run that fails before: never an unhandled rejection.
  facts.catch(() => undefined)
  task.exit.catch(() => undefined)

  const onHost = await codecOnHost(deps, running)
  const here = onHost === 'none' && job.codec !== 'none'
  const codec = here ? await codecHere(deps.codecs, job.codec) : onHost
  const came = digest()
  const compressed = here ? digest() : came
  const plain = deps.codecs.digest(onHost)
  const unpacking = beside(plain.sink)
  const stored = digest()
  const name = nameOf(codec)
  const reports: DumpReport[] = []

  await runPipeline({
    source: { name: 'the dump', stream: task.stdout, patienceMs: readingMs },
    stages: [
      { name: 'the dump', stream: came.stage },
      { name: 'the check', stream: unpacking.stage },
      ...(here
        ? [
            { name: 'the compression', stream: deps.codecs.compress(codec) },
            { name: 'the compression', stream: compressed.stage },
          ]
        : []),
      ...(job.key === null ? [] : [{ name: 'the encryption', stream: encrypt(job.key) }]),
      { name: 'the transfer', stream: meter(deps.clock, onFlow) },
      { name: 'the transfer', stream: stored.stage },
      {
        name: 'the dump',
        patienceMs: readingMs,
        stream: gate(async () => {
          const ended = { exitCode: await task.exit, stderr: task.stderr() }
          const report = program.report(ended)
          await facts
          // A codec's stream that breaks off between two frames is a whole one, but not the one that left.
          if (came.result().sha256 !== report.sentSha256) throw differs(came.result(), report)
          await unpacking.finished.catch(unreadable)
          if (plain.result().bytes === 0) throw empty()
          reports.push(report)
        }),
      },
    ],
    sink: {
      name: 'the destination',
      take: (content, ending) =>
        destination.put(name, content, { signal: ending, exclusive: true, expectedBytes }),
    },
    signal,
    clock: deps.clock,
    stallMs,
    guards: [facts],
    code: 'backup_failed',
  })
  const [report] = reports
  if (report === undefined) throw new Error('the gate was passed without a report')
  return {
    name,
    report,
    codec,
    compressedAt: here ? 'here' : 'host',
    plain: plain.result(),
    compressed: compressed.result(),
    stored: stored.result(),
    ...(await facts),
  }
}

/** How the task's output is compressed, once it has begun. */
async function codecOnHost({ clock }: Pick<DumpDeps, 'clock'>, running: Running): Promise<Codec> {
  const begun = new AbortController()
  const signal = AbortSignal.any([running.signal, begun.signal])
  const waiting = { ...running, signal }
  try {
    return await Promise.race([endOf(signal), tooLate(clock, waiting), codecSaid(waiting)])
  } finally {
    begun.abort()
  }
}

function endOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = (): void => {
      const reason: unknown = signal.reason
      reject(reason instanceof Error ? reason : new Error(String(reason)))
    }
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}

/** What the task said before its first byte. A task that ended without one has said why by then. */
async function codecSaid({
  program,
  task,
  signal,
}: Pick<Running, 'program' | 'task' | 'signal'>): Promise<Codec> {
  // Told of the first bytes, or of an end without any.
  if (task.stdout.readableLength === 0) await once(task.stdout, 'readable', { signal })
  const codec = program.codecIn(task.stderr())
  if (codec !== null) return codec
  program.report({ exitCode: await task.exit, stderr: task.stderr() })
  throw new Error('the task reported success without a codec')
}

/**
 * Rejects when a first byte is no longer waited for. The tool has all tables by then, but reads the
 * definition of each view too, and waits without a limit for one that somebody has for himself. A tool
 * that only reads for long gives no byte either: so the server is asked what it does. Looks are counted,
 * so that time while the computer sleeps is not.
 */
async function tooLate(
  clock: Clock,
  { session, facts, signal }: Pick<Running, 'session' | 'facts' | 'signal'>,
): Promise<never> {
  // Before, the session has no time to answer.
  await facts
  let heldMs = 0
  for (let quietMs = 0; quietMs < readingMs; quietMs += heldUpLookMs) {
    await clock.sleep(heldUpLookMs, signal)
    heldMs = (await session.isHeldUp()) ? heldMs + heldUpLookMs : 0
    if (heldMs >= heldUpMs) throw heldUp()
  }
  throw new QuaysideError('stalled', 'The dump has not begun within an hour.', {
    hint: 'Check the load of the host and the database’s log, then try again.',
  })
}

function heldUp(): QuaysideError {
  return new QuaysideError('stalled', 'The dump could not begin: a lock holds it up.', {
    hint: 'Something holds a lock on a view or materialized view for minutes, as a refresh or a transaction left open does. Retry when it is done.',
  })
}

/** gzip is everywhere; what else is wished may be missing where this runs. */
async function codecHere(codecs: Codecs, wished: Codec): Promise<Codec> {
  return (await codecs.available(wished)) ? wished : 'gzip'
}

function differs(came: Digest, { sentSha256 }: DumpReport): QuaysideError {
  return new QuaysideError('backup_failed', 'What arrived is not what the dump tool wrote.', {
    hint: 'Retry. If it stays, the memory or the network of the host or of this computer is faulty.',
    detail: `${came.bytes} bytes came, of SHA-256 ${came.sha256}; ${sentSha256} has left the host`,
  })
}

function unreadable(cause: unknown): never {
  throw new QuaysideError(
    'backup_failed',
    'What was compressed on the host can’t be decompressed.',
    {
      hint: 'Retry. If it stays, the memory of the host is faulty, or the codec in the database’s image: choose another one.',
      cause,
    },
  )
}

function empty(): QuaysideError {
  return new QuaysideError('backup_failed', 'The dump is empty.', {
    hint: 'Retry. If it stays, look at the database’s log.',
  })
}
