import type { Duplex, Readable, Writable } from 'node:stream'
import type { Codec } from '../../shared/backup-manifest.ts'
import type { HostCheck, HostConnection, HostKey, HostStatus } from '../../shared/contract/hosts.ts'
import type { HostId } from '../../shared/contract/hosts.ts'
import type { BackupManifest } from '../../shared/backup-manifest.ts'
import type { BackupId } from '../../shared/contract/backups.ts'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import type {
  DestinationChecked,
  DestinationConfig,
  DestinationId,
} from '../../shared/contract/destinations.ts'
import type { FileChoice } from '../../shared/contract/files.ts'
import type { JobId, JobState, JobStep } from '../../shared/contract/jobs.ts'
import type { ScheduleId, ScheduleInput } from '../../shared/contract/schedules.ts'
import type { Settings } from '../../shared/contract/settings.ts'
import type { SecretsStatus } from '../../shared/contract/secrets.ts'
import type { ErrorData } from '../../shared/errors.ts'
import type { QuaysideEvent } from '../../shared/events.ts'
import type { Environment } from '../../shared/names.ts'
import type { ServerFile } from '../engines/engine.ts'

export type { ServerFile }

// ── Time and news ────────────────────────────────────────────────────────────

/** The clock, passed in so that time can be made to pass in a test. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Resolves after that many milliseconds, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** Tells every face what happened. */
export type Publish = (event: QuaysideEvent) => void

/** Writes to the log file; never with a secret (known ones are taken out by the adapter). */
export interface Log {
  info(message: string, facts?: Readonly<Record<string, unknown>>): void
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void
  error(message: string, thrown: unknown, facts?: Readonly<Record<string, unknown>>): void
}

// ── Secrets ──────────────────────────────────────────────────────────────────

/**
 * The OS keychain, or the vault file where the user chose it.
 * Every call throws QuaysideError `keychain_unavailable`, `keychain_locked`, `vault_locked` …
 * and never falls back to plain text. No call takes longer than ten seconds.
 */
export interface Secrets {
  status(): Promise<SecretsStatus>
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<void>
  /** Deleting what isn't there is fine. */
  delete(key: string): Promise<void>
  createVault(passphrase: string): Promise<void>
  unlockVault(passphrase: string): Promise<void>
}

/** Where each secret lies. */
export const secretKeys = {
  hostLogin: (id: HostId) => `host/${id}/login`,
  /** The password of a server elsewhere, for as long as a database is imported from it. */
  importSource: (id: DatabaseId) => `database/${id}/import-source`,
  databasePassword: (id: DatabaseId) => `database/${id}/password`,
  destinationCredentials: (id: DestinationId) => `destination/${id}/credentials`,
  /** Ids of a destination's keys and which is current; the keys lie one by one. */
  destinationKeys: (destinationId: string) => `destination/${destinationId}/keys`,
  destinationKey: (destinationId: string, keyId: string) =>
    `destination/${destinationId}/key/${keyId}`,
  recoveryKey: 'recovery-key',
  /** When the user said that the recovery key is saved, and which one that was. */
  recoveryKeySaved: 'recovery-key/saved',
}

// ── Compression ──────────────────────────────────────────────────────────────

/** Compresses and decompresses streams in constant memory. */
export interface Codecs {
  /** Whether this computer can compress so. It can decompress all of them. */
  available(codec: Codec): Promise<boolean>
  /** @throws QuaysideError `backup_failed` where it isn't available */
  compress(codec: Codec): Duplex
  /**
   * Fails with QuaysideError `backup_damaged` on a cut, a changed byte or anything behind the end; a
   * hash behind it must find what a codec cannot see.
   */
  decompress(codec: Codec): Duplex
}

/** Dumps as files of this computer. Paths are absolute; what fails is said as a QuaysideError. */
export interface DumpFiles {
  /** Bytes. @throws QuaysideError `not_found`, `invalid_input` */
  size(path: string): Promise<number>
  read(path: string): Readable
  /** @throws QuaysideError `name_taken` where something has that name, `not_found` without its folder */
  refuseTaken(path: string): Promise<void>
  /**
   * The file is there once all of the content is in it, or not at all; nothing is overwritten.
   * @throws QuaysideError `name_taken`, `disk_full`; what the content failed with, as it is
   */
  write(path: string, content: Readable, signal: AbortSignal): Promise<{ bytes: number }>
  /** Takes away what a killed write has left. */
  removePart(path: string): Promise<void>
  /** A path of our own for what a job keeps meanwhile; its folder is there. */
  temporary(name: string): Promise<string>
  /** Takes away a temporary file, and what a killed write of it has left. */
  removeTemporary(name: string): Promise<void>
}

// ── Hosts ────────────────────────────────────────────────────────────────────

/** A host as kept in the store. */
export interface HostRecord {
  id: HostId
  name: string
  connection: HostConnection
  baseDomain: string | null
  /** Where new databases keep their data on the host, an absolute path; null for Docker's volumes. */
  dataDirectory: string | null
  createdAt: number
}

/**
 * One machine with Docker, over one lasting connection that has a life of its own. Made without
 * waiting; it connects by itself and reconnects after a loss. Calls wait for the connection while it
 * is being made, and fail fast with the status's error while it is lost or refused.
 */
export interface Host {
  readonly status: HostStatus
  /** Calls back at every change of status; returns the way to stop. */
  onStatus(listener: (status: HostStatus) => void): () => void
  /** Docker on this host. The same object for the host's whole life. */
  docker(): Docker
  /**
   * A stream to a TCP port on the host's own loopback.
   * @throws QuaysideError `forwarding_denied`, `host_lost`; a refused port gives `engine_not_ready`.
   */
  forward(port: number, signal?: AbortSignal): Promise<Duplex>
  /**
   * A stream to a TCP port of any machine, on the way that this host goes there.
   * @throws QuaysideError `forwarding_denied`, `host_lost`; what can't be reached gives `engine_not_ready`.
   */
  reach(to: { host: string; port: number }, signal?: AbortSignal): Promise<Duplex>
  /**
   * Runs a program on the host. Words are quoted by one tested function.
   * @throws QuaysideError `host_lost` when no exit code came back.
   */
  exec(argv: readonly string[], options?: ExecOptions): Promise<ExecResult>
  /**
   * Starts a program on the host and gives its input and output as one stream. The program has to
   * end with its input: nothing else ends it. What it says on its error output is dropped.
   * @throws QuaysideError `host_lost`
   */
  stream(argv: readonly string[], signal?: AbortSignal): Promise<Duplex>
  /**
   * A connection of its own for much data, so that calls on this one stay quick and one transfer that
   * stalls holds up no other. Each caller gets another one, and closes it.
   * @throws QuaysideError what the way there throws
   */
  bulk(signal?: AbortSignal): Promise<Bulk>
  /** Resolves when Docker can be called; rejects with the reason when that needs the user, or on abort. */
  ready(signal?: AbortSignal): Promise<void>
  /** Probes at once; reconnects if that fails. */
  reconnect(): void
  close(): Promise<void>
}

/** A connection to a host for much data. It is lost once and for all; it never reconnects. */
export interface Bulk {
  docker(): Docker
  /** Aborts with `host_lost` when the connection breaks, and when it is closed. */
  readonly lost: AbortSignal
  close(): Promise<void>
}

export interface ExecOptions {
  signal?: AbortSignal | undefined
  /** Written to the program's standard input, which is then closed. */
  stdin?: string | undefined
}

export interface ExecResult {
  code: number
  stdout: string
  stderr: string
}

/** Makes hosts and walks the way to one. */
export interface HostConnector {
  open(record: HostRecord): Host
  /** Walks every step of the way to a host once, and leaves nothing open. */
  check(request: HostCheckRequest): Promise<HostCheck>
  /**
   * Logs in to a host for commands alone, also where there is no Docker. Its key has to be known or
   * accepted. @throws QuaysideError what the way there throws, `install_unsupported` on this computer
   */
  runner(request: RunnerRequest): Promise<HostRunner>
  /** Names in ssh config, the agent, key files and this computer's Docker. */
  suggestions(signal?: AbortSignal): Promise<HostSuggestions>
  /** Pins a host key that the user has accepted; `replace` puts it in the place of another one. */
  trustHostKey(connection: HostConnection, key: HostKey, replace: boolean): Promise<void>
}

export interface RunnerRequest {
  connection: HostConnection
  secret?: string | undefined
  acceptHostKey?: string | undefined
  /** What users call the host, for messages. */
  name: string
  signal?: AbortSignal | undefined
}

/** Commands on a host over a connection of their own. */
export interface HostRunner extends Pick<Host, 'exec'> {
  close(): void
}

export interface HostCheckRequest {
  checkId: string
  connection: HostConnection
  /** Password or passphrase as typed; not stored by the check. */
  secret?: string | undefined
  /** Accepted on first use; pinned once the key shown is that one. */
  acceptHostKey?: string | undefined
  onProgress?: ((check: HostCheck) => void) | undefined
  signal?: AbortSignal | undefined
}

export interface HostSuggestions {
  sshConfig: { alias: string; address: string; user: string }[]
  local: { socketPath: string; dockerVersion: string } | null
  agent: { keys: number } | null
  keyFiles: string[]
}

// ── Docker ───────────────────────────────────────────────────────────────────

/** What a call to Docker may be given. */
export interface CallOptions {
  signal?: AbortSignal | undefined
}

/**
 * Docker on one host, as far as Quayside uses it. Every method can be repeated: `ensure…` finds what
 * is there already, `remove…` is content when it is gone. Errors are translated: QuaysideError
 * `docker_down`, `docker_denied`, `host_lost`, `port_taken`, `name_taken`, `disk_full`, … and
 * `docker_failed` for the rest.
 */
export interface Docker {
  version(options?: CallOptions): Promise<DockerVersion>
  info(options?: CallOptions): Promise<DockerInfo>
  listContainers(labels: Labels, options?: CallOptions): Promise<ContainerSummary[]>
  /** By name or id; null when there is none. */
  inspectContainer(nameOrId: string, options?: CallOptions): Promise<ContainerDetail | null>
  hasImage(reference: string, options?: CallOptions): Promise<boolean>
  /**
   * Pulls the image unless it is there. Reads the whole answer: an error inside a 200 is an error.
   * @throws QuaysideError `image_not_found`, `pull_failed`, `disk_full`
   */
  ensureImage(reference: string, options?: PullOptions): Promise<{ id: string; pulled: boolean }>
  ensureVolume(
    volume: { name: string; labels: Labels },
    options?: CallOptions,
  ): Promise<{ created: boolean }>
  inspectVolume(
    name: string,
    options?: CallOptions,
  ): Promise<{ name: string; labels: Labels } | null>
  removeVolume(name: string, options?: CallOptions): Promise<void>
  /**
   * Runs a container as root to its end and removes it; another one of its name is a leftover.
   * @throws QuaysideError `volume_missing` when the folder is not there and not to be made
   */
  runOnce(spec: TaskSpec, options?: CallOptions): Promise<{ exitCode: number; output: string }>
  /**
   * Starts a task whose input and output are streams. A container of its name and labels is what a
   * try that was cut has left, and goes first. The signal is for the way to the start alone.
   * @throws QuaysideError `name_taken`, `image_not_found`, `engine_not_ready` when the container whose
   * network it shares does not run
   */
  startTask(spec: StreamTaskSpec, options?: CallOptions): Promise<StreamTask>
  /** Kills and removes the containers that have all these labels; at least one. Gives their number. */
  removeTasks(labels: Labels, options?: CallOptions): Promise<number>
  /** Creates, and puts the files in; does not start. @throws `name_taken` */
  createContainer(spec: ContainerSpec, options?: CallOptions): Promise<{ id: string }>
  /** @throws `port_taken` when a published port is held by another program. */
  startContainer(id: string, options?: CallOptions): Promise<void>
  stopContainer(id: string, graceSeconds: number, options?: CallOptions): Promise<void>
  restartContainer(id: string, graceSeconds: number, options?: CallOptions): Promise<void>
  renameContainer(id: string, name: string, options?: CallOptions): Promise<void>
  /** Kills it if it runs; anonymous volumes go with it, named ones stay. */
  removeContainer(id: string, options?: CallOptions): Promise<void>
  /** Replaces files inside a container, running or not; owner root. */
  putFiles(id: string, files: readonly ServerFile[], options?: CallOptions): Promise<void>
  /**
   * What a container wrote, oldest first, in pieces as they come. Ends when the container does, or
   * without `follow` after the newest line; quietly when it is aborted.
   * @throws QuaysideError `docker_failed` where its log is kept elsewhere
   */
  followLogs(id: string, options: LogOptions): AsyncIterable<readonly ContainerLogLine[]>
  /** The last lines a container wrote, both streams, at most 64 KiB. */
  tailLogs(id: string, lines: number, options?: CallOptions): Promise<string>
  containerStats(id: string, options?: CallOptions): Promise<ContainerStats>
  /** Docker's event stream for containers with these labels. Ends with an error when the link does. */
  events(labels: Labels, options: { signal: AbortSignal }): AsyncIterable<DockerEvent>
}

export type Labels = Readonly<Record<string, string>>

export interface LogOptions {
  follow: boolean
  /** As many of the newest lines; null for all. */
  tail: number | null
  /** None before this moment, as Docker writes it: seconds since 1970, with nanoseconds behind a point. */
  since: string | null
  signal: AbortSignal
}

/** One line as Docker kept it. */
export interface ContainerLogLine {
  /** Seconds since 1970 with nanoseconds behind a point: what `since` takes. */
  at: string
  stream: 'stdout' | 'stderr'
  text: string
  /** True where the rest of a very long line was left out. */
  cut: boolean
}

export interface PullOptions extends CallOptions {
  onProgress?: ((progress: PullProgress) => void) | undefined
}

export interface PullProgress {
  bytes: number
  /** Of all layers known so far. */
  totalBytes: number
  layers: number
  layersDone: number
}

export interface DockerVersion {
  version: string
  apiVersion: string
  os: string
  arch: string
}

export interface DockerInfo {
  serverVersion: string
  operatingSystem: string
  cpus: number
  memoryBytes: number
  dataRoot: string
  /** `overlay2` for one; null where Docker does not say. */
  storageDriver: string | null
  /** SELinux keeps its containers apart. */
  selinux: boolean
}

export type ContainerState =
  'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead'

export interface ContainerSummary {
  id: string
  name: string
  state: ContainerState
  /** Docker's own words, `Up 3 hours (healthy)`. */
  statusText: string
  labels: Labels
  /** Published TCP ports on the host. */
  ports: number[]
  /** The image it was made from, by the name it was asked for. */
  image: string
  /** Where its TCP ports are published while it runs. */
  published: PublishedPort[]
}

export interface PublishedPort {
  /** Of the host; `0.0.0.0` and `::` are all of them. */
  address: string
  /** On the host. */
  port: number
  containerPort: number
}

export interface ContainerDetail extends Omit<ContainerSummary, 'published'> {
  /** The id of the very image it was made from. */
  imageId: string
  exitCode: number
  oomKilled: boolean
  /** Docker's own error, such as why it could not start. */
  error: string
  /** Epoch milliseconds, null if it never ran. */
  startedAt: number | null
  finishedAt: number | null
  restartCount: number
}

export interface ContainerStats {
  cpuPercent: number | null
  memoryBytes: number | null
  memoryLimitBytes: number | null
  /** Since the container started, bytes; null where Docker does not say. */
  traffic: ContainerTraffic
}

export interface ContainerTraffic {
  networkReceivedBytes: number | null
  networkSentBytes: number | null
  diskReadBytes: number | null
  diskWrittenBytes: number | null
}

export interface ContainerSpec {
  name: string
  image: string
  env: Readonly<Record<string, string>>
  command: readonly string[]
  labels: Labels
  /** Volumes by their path inside the container; an absolute path is a folder that must be there. */
  volumes: Readonly<Record<string, string>>
  publish: { hostAddress: string; hostPort: number; containerPort: number }
  files: readonly ServerFile[]
  shmBytes: number
  stopGraceSeconds: number
}

/** A short task on the host, in a container without network. */
export interface TaskSpec {
  name: string
  image: string
  /** The program and its arguments, in place of the image's own. */
  command: readonly string[]
  labels: Labels
  /**
   * A folder of the host, made where it is missing if `create` says so. `relabel` lets containers use
   * it, and all that is in it, where SELinux is enforced.
   */
  bind: { source: string; target: string; create: boolean; relabel?: boolean }
}

/** A task that much data goes through: root without its powers, nothing to write to but what is named. */
export interface StreamTaskSpec {
  /** From the job's id, so that a second try finds what the first one left. */
  name: string
  /** The id of an image that the host has. */
  image: string
  /** The program and its arguments, in place of the image's own; anyone on the host can read them. */
  command: readonly string[]
  labels: Labels
  /** The network of another container, so that 127.0.0.1 is its loopback; that of the host; or none. */
  network: { container: string } | 'host' | 'none'
  /** Folders in memory, for small secrets and pipes. */
  tmpfs: readonly string[]
  /** Null for no limit. */
  memoryBytes: number | null
  /** Where an unnamed volume is mounted that goes with the container; for what does not fit in memory. */
  scratch?: string | undefined
  /**
   * Volumes by their path inside the container; an absolute path is a folder that must be there. With
   * any, the task may read and write the files of every user.
   */
  volumes?: Readonly<Record<string, string>> | undefined
}

/** A running task. It goes on when the connection is lost, until it is killed or removed. */
export interface StreamTask {
  /** The container's id. */
  readonly id: string
  /**
   * Its input. Ended, the task sees the end; destroyed, it sees neither an end nor more. A write fails
   * with EPIPE once the task is over.
   */
  readonly stdin: Writable
  /**
   * Its output. Ends only after `exit` is known, whatever the code; fails where the connection or
   * Docker broke, or the exit can't be known. It has to be read, or the task waits.
   */
  readonly stdout: Readable
  /** What it said on its error output so far, 256 KiB at most: the middle of more is left out. */
  stderr(): string
  /**
   * Its exit code as Docker tells it. Waits for the task alone, not for `stdout` to be read.
   * @throws QuaysideError `host_lost`, `docker_down` where it can't be known or was stopped by another
   * than this task's `kill`, `docker_failed` where it was ended for want of memory or removed
   */
  readonly exit: Promise<number>
  /** Ends it at once; what is over is fine. Streams that are still open fail with `cancelled`. */
  kill(): Promise<void>
  /** Kills it if it runs; its scratch goes with it. */
  remove(): Promise<void>
}

export interface DockerEvent {
  /** `start`, `die`, `destroy`, `rename`, `health_status: healthy` … */
  action: string
  containerId: string
  labels: Labels
  /** Epoch milliseconds on the host. */
  at: number
}

// ── What is kept ─────────────────────────────────────────────────────────────

/** A database as kept in the store: intent and cache, never the truth about what runs. */
export interface DatabaseRecord {
  id: DatabaseId
  hostId: HostId
  name: string
  environment: Environment
  engine: string
  version: string
  image: string
  containerName: string
  /** The volume with its data, or the absolute path of a folder on the host. */
  volumeName: string
  /** Reserved on its host; unique there. */
  port: number | null
  user: string
  database: string
  state: 'creating' | 'ready' | 'trash'
  protected: boolean
  createdAt: number
  deletedAt: number | null
  /** What the host last told, for when it does not answer. */
  lastKnown: LastKnown | null
}

export interface LastKnown {
  status: 'running' | 'attention' | 'stopped' | 'failed'
  reason: string | null
  startedAt: number | null
  /** When the status began. */
  since: number
  /** When the host told it. */
  at: number
}

export interface HostStore {
  list(): HostRecord[]
  get(id: HostId): HostRecord | null
  /** @throws QuaysideError `name_taken` */
  insert(record: HostRecord): void
  update(id: HostId, change: Partial<Pick<HostRecord, 'dataDirectory'>>): void
  remove(id: HostId): void
}

export interface DatabaseStore {
  list(): DatabaseRecord[]
  get(id: DatabaseId): DatabaseRecord | null
  /** @throws QuaysideError `name_taken` when the host has that name, environment and engine already. */
  insert(record: DatabaseRecord): void
  update(id: DatabaseId, change: Partial<Omit<DatabaseRecord, 'id' | 'lastKnown'>>): void
  setLastKnown(id: DatabaseId, lastKnown: LastKnown): void
  /**
   * Reserves the lowest port from `from` upward that no record of the host has and that is not in
   * `taken`; in one transaction, so that two creates at once get two ports. Gives the record's own
   * port back while it is not in `taken`.
   */
  reservePort(id: DatabaseId, from: number, taken: ReadonlySet<number>): number
  remove(id: DatabaseId): void
}

export interface JobRecord {
  id: JobId
  kind: string
  title: string
  queue: string
  /** Jobs with the same key run one after another. */
  key: string
  /** JSON, parsed by the kind's schema before it is used. */
  input: unknown
  state: JobState
  /** Set while what was made is taken back: the state it will end in. */
  undoing: 'failed' | 'cancelled' | null
  cancelRequested: boolean
  attempt: number
  runAt: number
  createdAt: number
  startedAt: number | null
  endedAt: number | null
  error: ErrorData | null
  /** The process that runs it. */
  owner: string | null
  databaseId: DatabaseId | null
  hostId: HostId | null
}

/** A step's row; `undo` was written before the step's effect. */
export interface JobStepRecord extends JobStep {
  jobId: JobId
  output: unknown
  undo: { name: string; input: unknown } | null
}

export interface JobStore {
  insert(job: JobRecord, steps: { name: string; title: string }[]): void
  get(id: JobId): JobRecord | null
  steps(id: JobId): JobStepRecord[]
  /** Newest first. */
  list(limit: number): JobRecord[]
  /** Waiting or running. */
  active(): JobRecord[]
  update(id: JobId, change: Partial<Omit<JobRecord, 'id' | 'owner'>>): void
  updateStep(id: JobId, name: string, change: Partial<Omit<JobStepRecord, 'jobId' | 'name'>>): void
  /** Back to the beginning: every step waits again. */
  resetSteps(id: JobId): void
  /**
   * Takes a job for `owner`: true if it was waiting and due, or its owner is not in `alive`, and no
   * other job with its key is running. One immediate transaction.
   */
  claim(id: JobId, owner: string, now: number, alive: ReadonlySet<string>): boolean
  release(id: JobId): void
}

/** The processes that work on this data now: a window, a command line. */
export interface ProcessStore {
  /** Writes that this process lives; called again every few seconds. */
  beat(): void
  readonly self: string
  /** Owners whose process exists and has beaten lately. */
  alive(): ReadonlySet<string>
  leave(): void
}

/**
 * A thread of its own for jobs that move many bytes, so that no click waits for them. It is one more
 * owner of jobs beside the processes.
 */
export interface HeavyThread {
  /** Its name among the owners of jobs; null where there is none now. */
  owner(): string | null
  /** Whether there is work for it: it is started for that, and ends a while after the last. */
  wanted(isWanted: boolean): void
  /** Ends it with its jobs at a safe point. */
  stop(): Promise<void>
}

/** A database's tunnel as kept in the store. */
export interface TunnelRecord {
  /** The port it has moved to for good; null while it has its usual one. */
  ownPort: number | null
  /** The user wants it whenever the app runs. */
  armed: boolean
  /** The process that has it open, alive or not, so that a command line can name the window's. */
  holder: { localPort: number; owner: string } | null
}

export interface TunnelStore {
  get(databaseId: DatabaseId): TunnelRecord | null
  /** Those the user wants whenever the app runs. */
  armed(): DatabaseId[]
  setArmed(databaseId: DatabaseId, armed: boolean): void
  setOwnPort(databaseId: DatabaseId, port: number): void
  hold(databaseId: DatabaseId, holder: { localPort: number; owner: string }): void
  /** Forgets the holder if it is still `owner`; the rest stays. */
  release(databaseId: DatabaseId, owner: string): void
}

/** A place for backups, as kept in the store; what it is opened with lies in the keychain. */
export interface DestinationRecord {
  id: DestinationId
  name: string
  /** The id of a kind of destination; this version may know none of that id. */
  kind: string
  /** As its kind parsed it. */
  config: DestinationConfig
  /** Which secrets the keychain was given. */
  secretNames: string[]
  createdAt: number
  lastCheck: DestinationChecked | null
}

export interface DestinationStore {
  list(): DestinationRecord[]
  get(id: DestinationId): DestinationRecord | null
  /** @throws QuaysideError `name_taken` */
  insert(record: DestinationRecord): void
  /** @throws QuaysideError `name_taken` */
  update(id: DestinationId, change: Partial<Omit<DestinationRecord, 'id' | 'kind'>>): void
  remove(id: DestinationId): void
}

export interface AuditStore {
  append(entry: {
    at: number
    action: string
    subject: string
    outcome: string
    facts: Readonly<Record<string, string>>
  }): void
}

/** What lists and retention need of one copy of a backup. Times are epoch milliseconds. */
export interface CopyHead {
  backupId: BackupId
  destinationId: DestinationId
  databaseId: DatabaseId
  /** When the dump was made. */
  madeAt: number
  plainBytes: number
  /** Bytes of the dump as it is stored there. */
  storedBytes: number
  /** When the manifest was written there. */
  storedAt: number
  /** When it was last read back whole. */
  verifiedAt: number | null
  /** When it last became a database with the same rows. */
  restoredAt: number | null
  /** Why it can't be relied on. */
  problem: ErrorData | null
}

/** A copy of a backup as last seen at its destination. */
export interface CopyRecord extends CopyHead {
  /** Its own: what is stored, and under which key, differs from copy to copy. */
  manifest: BackupManifest
}

/** A cache of what lies at the destinations; all lists have the newest backup first. */
export interface BackupStore {
  heads(): CopyHead[]
  ofDatabase(databaseId: DatabaseId): CopyRecord[]
  ofBackup(backupId: BackupId): CopyRecord[]
  newest(limit: number): CopyRecord[]
  at(destinationId: DestinationId): CopyHead[]
  get(backupId: BackupId, destinationId: DestinationId): CopyRecord | null
  /** In the place of what was known of this copy. */
  put(copy: CopyRecord): void
  update(
    backupId: BackupId,
    destinationId: DestinationId,
    change: Partial<Pick<CopyHead, 'verifiedAt' | 'restoredAt' | 'problem'>>,
  ): void
  remove(backupId: BackupId, destinationId: DestinationId): void
}

/** A schedule as kept in the store. */
export interface ScheduleRecord {
  id: ScheduleId
  plan: ScheduleInput
  createdAt: number
  /** Null while it is off, or when no such time comes. */
  nextRunAt: number | null
  lastRunAt: number | null
  /** Due times passed over before the last run. */
  missed: number
}

export interface ScheduleStore {
  list(): ScheduleRecord[]
  get(id: ScheduleId): ScheduleRecord | null
  insert(record: ScheduleRecord): void
  update(id: ScheduleId, change: Partial<Omit<ScheduleRecord, 'id'>>): void
  remove(id: ScheduleId): void
  /** As `update`, if it is still planned for that time; false when another process was first. */
  claim(
    id: ScheduleId,
    planned: number,
    change: Pick<ScheduleRecord, 'nextRunAt' | 'lastRunAt' | 'missed'>,
  ): boolean
}

export interface Stores {
  hosts: HostStore
  databases: DatabaseStore
  jobs: JobStore
  processes: ProcessStore
  tunnels: TunnelStore
  destinations: DestinationStore
  backups: BackupStore
  schedules: ScheduleStore
  audit: AuditStore
  /** All or nothing. May be nested. */
  transaction<T>(work: () => T): T
  /** Calls back when another process changed the data; returns the way to stop. */
  onForeignChange(listener: () => void): () => void
  close(): void
}

// ── This computer's loopback ─────────────────────────────────────────────────

/** Listens on 127.0.0.1 of this computer. */
export interface Loopback {
  /**
   * @param port 0 lets the system choose
   * @throws QuaysideError `tunnel_port_taken`
   */
  listen(port: number, onClient: (client: LoopbackClient) => void): Promise<LoopbackPort>
  /** Which programs the clients are, by the port each comes from; without those nothing is known of. */
  programs(clientPorts: ReadonlySet<number>): Promise<ReadonlyMap<number, LoopbackProgram>>
}

/** A program of this computer that has connected to one of our ports. */
export interface LoopbackClient {
  /** Either half can end by itself. */
  readonly stream: Duplex
  /** The port it comes from. */
  readonly port: number
  /** Bytes so far: from the program, and to it. */
  traffic(): { sent: number; received: number }
  /** Ends it in good order: what was written arrives, then the end. */
  end(): void
  /** Breaks it off, so that the program can't take it for a regular end. */
  reset(): void
}

export interface LoopbackProgram {
  pid: number
  name: string
}

export interface LoopbackPort {
  readonly port: number
  /** Ends every client and gives the port back. */
  close(): Promise<void>
}

// ── Choices ──────────────────────────────────────────────────────────────────

/** What the user has chosen; kept outside the records, so that it is known before they are opened. */
export interface SettingsStore {
  get(): Settings
  /** @throws QuaysideError `store_failed` */
  set(settings: Settings): void
}

// ── Faces ────────────────────────────────────────────────────────────────────

/** Lets the user choose a place for a file, of a face that can ask. */
export interface FileSaver {
  /** Writes the pieces one after another; false when the user decided against it. Whole or not at all. */
  save(name: string, pieces: AsyncIterable<string>): Promise<boolean>
}

/** The system's dialogs, of a face that has them. */
export interface FileDialogs {
  /** The path that was chosen, as the system gives it; null when the user decided against it. */
  choose(choice: FileChoice): Promise<string | null>
}

/** The clipboard of a face that has one. What is written leaves it after 60 s if still there. */
export interface Clipboard {
  writeSecret(text: string): void | Promise<void>
}
