import type { BackupId } from '../../../shared/contract/backups.ts'
import type { HostId } from '../../../shared/contract/hosts.ts'
import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type { JobId, JobState, JobStep } from '../../../shared/contract/jobs.ts'
import type { ErrorData } from '../../../shared/errors.ts'

/** How many jobs of each queue run at a time is the worker's to say. */
export type JobQueue = 'provisioning' | 'maintenance'

export interface JobRecord {
  id: JobId
  kind: string
  title: string
  queue: JobQueue
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
  /** Those under way and those that ended last, newest first. Of too many, some of both. */
  list(limit: number): JobRecord[]
  /** Waiting or running. */
  active(): JobRecord[]
  /** Those whose input names this backup, newest first. */
  ofBackup(backupId: BackupId): JobRecord[]
  /** Those of these kinds that failed, newest first. */
  failed(kinds: readonly string[], limit: number): JobRecord[]
  update(id: JobId, change: Partial<Omit<JobRecord, 'id' | 'owner'>>): void
  updateStep(id: JobId, name: string, change: Partial<Omit<JobStepRecord, 'jobId' | 'name'>>): void
  /** Back to the beginning: every step waits again. What an undo has left stays known. */
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
