import type { MethodName, MethodOutput, ParsedInput } from '../../shared/contract/index.ts'
import type { JobId, JobView } from '../../shared/contract/jobs.ts'
import type { QuaysideEvent } from '../../shared/events.ts'

type Noun = MethodName extends `${infer N}.${string}` ? N : never
type VerbOf<N extends Noun> = MethodName extends infer M
  ? M extends `${N}.${infer V}`
    ? V
    : never
  : never

/** The methods of one noun of the contract, as functions: `databases.create` is `create`. */
export type Service<N extends Noun> = {
  readonly [V in VerbOf<N>]: `${N}.${V}` extends infer M
    ? M extends MethodName
      ? (input: ParsedInput<M>, options?: CallerOptions) => Promise<MethodOutput<M>>
      : never
    : never
}

/** What a face may give beside the input. */
export interface CallerOptions {
  signal?: AbortSignal | undefined
}

/** The core as its faces see it: the contract's methods by noun, its news, and its life. */
export interface Core {
  readonly app: Service<'app'>
  readonly hosts: Service<'hosts'>
  readonly engines: Service<'engines'>
  readonly databases: Service<'databases'>
  readonly tunnels: Service<'tunnels'>
  readonly backups: Service<'backups'>
  readonly restores: Service<'restores'>
  readonly transfers: Service<'transfers'>
  readonly schedules: Service<'schedules'>
  readonly recoveryKey: Service<'recoveryKey'>
  readonly jobs: Service<'jobs'>
  readonly metrics: Service<'metrics'>
  readonly logs: Service<'logs'>
  readonly destinations: Service<'destinations'>
  readonly files: Service<'files'>
  readonly secrets: Service<'secrets'>
  readonly settings: Service<'settings'>
  /** Calls back with every event; returns the way to stop. */
  onEvent(listener: (event: QuaysideEvent) => void): () => void
  /**
   * Works on every due job, also on those a dead process left behind. A job that this process
   * started is worked on in any case.
   */
  work(): void
  /**
   * Connects to every host and keeps the view fresh, also over a change of this computer's network, and
   * starts the backups of schedules. A command line leaves it out.
   */
  watch(): void
  /** After sleep: a connection that looks whole may be dead, and a lost host may be back. */
  wake(): void
  /** Starts the backups that schedules want by now, once; a process that watches does so by itself. */
  runDueSchedules(): JobId[]
  /**
   * Takes out of the keychain what failed imports may no longer use, once; asks it nothing where there is
   * none of that. A process that watches does so by itself.
   */
  forgetOldPasswords(): Promise<void>
  /** Resolves with the job once it is done, failed or cancelled. */
  waitForJob(id: JobId, signal?: AbortSignal): Promise<JobView>
  /** Jobs running in this process now; a face may ask before it quits. */
  runningJobs(): JobView[]
  /** Stops at the next safe point: running jobs go on with the next start. Closes tunnels and hosts. */
  close(): Promise<void>
}
