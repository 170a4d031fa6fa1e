import { randomInt } from 'node:crypto'
import type { JobView } from '../../shared/contract/jobs.ts'
import type { EventBus } from '../domain/event-bus.ts'
import type { JobDefinition } from '../domain/jobs/job-definition.ts'
import { viewJob } from '../domain/jobs/job-view.ts'
import { createJobWorker, type JobWorker, type Part } from '../domain/jobs/job-worker.ts'
import { createJobs, type Jobs } from '../domain/jobs/jobs.ts'
import type { StepHook } from '../domain/jobs/run-job.ts'
import type { Clock, Log, Stores } from '../domain/ports.ts'

interface JobParts {
  stores: Stores
  clock: Clock
  log: Log
  bus: EventBus
  kinds: readonly JobDefinition[]
  /** Which of them run in this thread. */
  part: Part
  onStep: StepHook
}

interface ComposedJobs {
  jobs: Jobs
  worker: JobWorker
  /** Those that run here or in the thread of heavy jobs. */
  running: () => JobView[]
}

/** The durable jobs of all kinds, and the worker that runs them. */
export function composeJobs(parts: JobParts): ComposedJobs {
  const { stores, clock, log, bus, kinds, part, onStep } = parts
  const { publish } = bus
  const definitions = new Map<string, JobDefinition>(kinds.map((kind) => [kind.kind, kind]))
  const random = (): number => randomInt(2 ** 32) / 2 ** 32
  const worker = createJobWorker({ stores, clock, log, publish, random, onStep }, definitions, part)
  const onChange = (listener: () => void): (() => void) => {
    const stopOwn = bus.subscribe((event) => {
      if (event.type === 'changed' && event.topic === 'jobs') listener()
    })
    const stopForeign = stores.onForeignChange(listener)
    return () => {
      stopOwn()
      stopForeign()
    }
  }
  return {
    jobs: createJobs({ stores, clock, publish, worker, definitions, onChange }),
    worker,
    running: () =>
      worker.running().flatMap((id) => {
        const job = stores.jobs.get(id)
        return job === null ? [] : [viewJob(stores, definitions, job)]
      }),
  }
}
