import { parentPort, workerData } from 'node:worker_threads'
import * as z from 'zod'
import type { JobProgress } from '../../../shared/contract/jobs.ts'
import type { Secrets } from '../../domain/ports.ts'
import { connect, type MainSide, type ThreadData, type ThreadSide } from './messages.ts'

const threadDataSchema: z.ZodType<ThreadData> = z.object({
  home: z.string(),
  version: z.string(),
  owner: z.string(),
})

/** The main thread, as seen from the thread of heavy jobs. */
export interface MainThread extends ThreadData {
  /**
   * The keychain, or the vault that is unlocked there.
   * @param redact told of every secret that passes, so that no log ever holds it
   */
  secrets(redact: { add(secret: string): void }): Secrets
  progress(progress: JobProgress): void
  /** What is done once passwords are within reach. */
  onSecretsReady(work: () => void): void
  /** What is done before the thread ends. */
  onStop(work: () => Promise<void>): void
}

/** Connects the thread with the one that started it. */
export function joinMainThread(): MainThread {
  if (parentPort === null) throw new Error('This module runs in a thread.')
  let work = (): Promise<void> => Promise.resolve()
  let ready = (): void => undefined
  const main = connect<MainSide, ThreadSide>(parentPort, {
    stop: () => work(),
    secretsReady: () => ready(),
  })
  return {
    ...threadDataSchema.parse(workerData),
    secrets: (redact) => ({
      status: () => main.status(),
      async get(key) {
        const value = await main.get(key)
        if (value !== null) redact.add(value)
        return value
      },
      async set(key, value) {
        redact.add(value)
        await main.set(key, value)
      },
      delete: (key) => main.delete(key),
      createVault: (passphrase) => main.createVault(passphrase),
      unlockVault: (passphrase) => main.unlockVault(passphrase),
      settle: () => main.settle(),
    }),
    progress: (progress) => void main.progress.asEvent(progress),
    onSecretsReady: (given) => {
      ready = given
    },
    onStop: (given) => {
      work = given
    },
  }
}
