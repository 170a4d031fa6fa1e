import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { QuaysideError } from '../../../shared/errors.ts'
import type { HeavyThread, Log, Publish, Secrets } from '../../domain/ports.ts'
import { connect, type MainSide, type ThreadData, type ThreadSide } from './messages.ts'

/** How long it stays without work, milliseconds: a verification follows a backup at once. */
const restMs = 30_000
/** How long after one that broke another is begun, milliseconds. */
const pauseMs = 5_000

export interface HeavyThreadOptions {
  /** The module that the thread runs. */
  module: URL
  home: string
  version: string
  secrets: Secrets
  log: Log
  publish: Publish
}

interface Running {
  owner: string
  secretsReady(): void
  stop(): Promise<void>
}

/** See `HeavyThread`. */
export function createHeavyThread(options: HeavyThreadOptions): HeavyThread {
  const { log } = options
  let running: Running | null = null
  let stopping: Promise<void> | null = null
  let wantedAt = -Infinity
  let brokenAt = -Infinity

  const start = (): Running => {
    const owner = randomUUID()
    const worker = begin(options, owner)
    worker.once('error', (error) => log.error('the thread of heavy jobs broke', error))
    worker.once('exit', (code) => {
      rpc.$close(gone())
      if (running?.owner !== owner) return
      running = null
      if (code !== 0) brokenAt = performance.now()
    })
    const rpc = connect<ThreadSide, MainSide>(worker, mainSide(options))
    const exited = once(worker, 'exit').catch(() => undefined)
    return {
      owner,
      secretsReady: () => void rpc.secretsReady.asEvent(),
      stop: async () => {
        // One that breaks meanwhile has stopped too; its jobs go on with the next.
        await Promise.race([rpc.stop().catch(() => undefined), exited])
        await worker.terminate()
      },
    }
  }

  const stop = (): Promise<void> => {
    const ended = running
    if (ended === null) return stopping ?? Promise.resolve()
    running = null
    stopping = ended.stop().finally(() => {
      stopping = null
    })
    return stopping
  }

  return {
    owner: () => running?.owner ?? null,
    wanted: (isWanted) => {
      const now = performance.now()
      if (isWanted) {
        wantedAt = now
        if (stopping === null && now - brokenAt >= pauseMs) running ??= start()
      } else if (running !== null && now - wantedAt >= restMs) {
        stop().catch((thrown: unknown) =>
          log.error('the thread of heavy jobs did not stop', thrown),
        )
      }
    },
    secretsReady: () => running?.secretsReady(),
    stop,
  }
}

function begin({ module, home, version }: HeavyThreadOptions, owner: string): Worker {
  const workerData: ThreadData = { home, version, owner }
  // Its bytes lie outside of V8's heap: room for young objects would be memory, and no faster as measured.
  const resourceLimits = { maxYoungGenerationSizeMb: 3 }
  return new Worker(module, { name: 'heavy jobs', workerData, resourceLimits })
}

function mainSide({ secrets, publish }: HeavyThreadOptions): MainSide {
  return { ...secrets, progress: (progress) => publish({ type: 'job-progress', progress }) }
}

function gone(): Error {
  return new QuaysideError('internal', 'The thread that moves large data has ended.', {
    hint: 'The job goes on by itself in a moment.',
  })
}
