import { createBirpc, type BirpcReturn } from 'birpc'
import type { MessagePort, Worker } from 'node:worker_threads'
import type { JobProgress } from '../../../shared/contract/jobs.ts'
import { fromErrorData, toErrorData, type ErrorData } from '../../../shared/errors.ts'
import type { Secrets } from '../../domain/ports.ts'

/** What the thread is told when it begins. */
export interface ThreadData {
  home: string
  version: string
  /** Its name among the owners of jobs. */
  owner: string
}

/** What the main thread does for the thread: only there is the keychain, and the vault unlocked. */
export interface MainSide extends Secrets {
  progress(progress: JobProgress): void
}

/** What the thread does when it is asked. */
export interface ThreadSide {
  /** Told that passwords are within reach. */
  secretsReady(): void
  /** Brings its jobs to a safe point. */
  stop(): Promise<void>
}

/** An answer as birpc sends it; `e` is what the function threw. */
interface Message {
  e?: unknown
}

/** Calls in both directions over a thread's port. Errors keep their code, sentence and hint. */
export function connect<There extends object, Here extends object>(
  port: MessagePort | Worker,
  here: Here,
): BirpcReturn<There, Here> {
  return createBirpc<There, Here>(here, {
    post: (message) => port.postMessage(message),
    on: (listener) => port.on('message', listener),
    off: (listener) => port.off('message', listener),
    bind: 'functions',
    // A keychain may wait for its user; whoever asks has a limit of its own.
    timeout: -1,
    serialize: (message: Message) =>
      message.e === undefined ? message : { ...message, e: toErrorData(message.e) },
    deserialize: (message: Message) =>
      message.e === undefined ? message : { ...message, e: fromErrorData(message.e as ErrorData) },
  })
}
