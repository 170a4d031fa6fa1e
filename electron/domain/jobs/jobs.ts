import { randomUUID } from 'node:crypto'
import { jobIdSchema, type JobId, type JobView } from '../../../shared/contract/jobs.ts'
import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type { HostId } from '../../../shared/contract/hosts.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Service } from '../core.ts'
import type { Clock, JobQueue, JobRecord, Publish, Stores } from '../ports.ts'
import { tellJob } from './job-news.ts'
import { unknownKind, type JobDefinition } from './job-definition.ts'
import type { JobWorker } from './job-worker.ts'
import { viewJob } from './job-view.ts'

/** A job to be enqueued. */
export type NewJob<Input> = JobPlan<Input> & Concern

/**
 * What a job is about. Jobs with the same key run one after another; it is that of the database, else
 * of the host, where none is given.
 */
type Concern =
  | { databaseId: DatabaseId; hostId: HostId | null; key?: string }
  | { databaseId: null; hostId: HostId; key?: string }
  | { databaseId: null; hostId: null; key: string }

interface JobPlan<Input> {
  definition: JobDefinition<Input>
  title: string
  input: Input
  /** `provisioning` where not given. */
  queue?: JobQueue | undefined
  /** When it is to begin, epoch milliseconds, an hour from now at most; at once where not given. */
  runAt?: number | undefined
}

export interface Jobs extends Service<'jobs'> {
  /** Writes the job and what it prepares in one transaction and begins to work on it. */
  enqueue<Input>(job: NewJob<Input>): JobId
  waitFor(id: JobId, signal?: AbortSignal): Promise<JobView>
  /** Lets a job that waits for its time begin now; nothing where it has begun. */
  hasten(id: JobId): void
}

interface JobsDeps {
  stores: Stores
  clock: Clock
  publish: Publish
  worker: JobWorker
  definitions: ReadonlyMap<string, JobDefinition>
  /** Calls back whenever a job may have changed. */
  onChange: (listener: () => void) => () => void
}

/** The durable jobs: enqueue, look, cancel, retry. */
export function createJobs(deps: JobsDeps): Jobs {
  const { stores, clock, publish, worker, definitions } = deps

  const get = (id: JobId): JobRecord => {
    const job = stores.jobs.get(id)
    if (job === null) throw new QuaysideError('not_found', 'There is no such job any more.')
    return job
  }
  return {
    enqueue: (job) => {
      const { definition, title, input, databaseId, hostId, queue = 'provisioning' } = job
      const id = jobIdSchema.parse(randomUUID())
      const now = clock.now()
      stores.transaction(() => {
        definition.prepare?.(input)
        stores.jobs.insert(
          {
            id,
            kind: definition.kind,
            title,
            queue,
            key: keyOf(job),
            input,
            state: 'waiting',
            undoing: null,
            cancelRequested: false,
            attempt: 0,
            runAt: job.runAt ?? now,
            createdAt: now,
            startedAt: null,
            endedAt: null,
            error: null,
            owner: null,
            databaseId,
            hostId,
          },
          definition.steps(input),
        )
      })
      worker.take(id)
      tellJob(publish, { id, databaseId })
      return id
    },

    waitFor: (id, signal) =>
      new Promise((resolve, reject) => {
        const finish = (): void => {
          unsubscribe()
          signal?.removeEventListener('abort', aborted)
        }
        const aborted = (): void => {
          finish()
          reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'))
        }
        const look = (): void => {
          const job = get(id)
          if (job.state === 'waiting' || job.state === 'running') return
          finish()
          resolve(viewJob(stores, definitions, job))
        }
        const unsubscribe = deps.onChange(look)
        signal?.addEventListener('abort', aborted)
        if (signal?.aborted === true) aborted()
        else look()
      }),

    hasten: (id) => {
      const job = get(id)
      if (job.state !== 'waiting' || job.startedAt !== null) return
      stores.jobs.update(id, { runAt: clock.now() })
      worker.take(id)
      tellJob(publish, job)
    },

    list: async ({ limit }) =>
      stores.jobs.list(limit).map((job) => viewJob(stores, definitions, job)),
    get: async ({ id }) => viewJob(stores, definitions, get(id)),

    cancel: async ({ id }) => {
      const job = get(id)
      if (job.state !== 'waiting' && job.state !== 'running') {
        throw new QuaysideError('busy', `“${job.title}” has ended already.`)
      }
      if (definitions.get(job.kind)?.cancellable !== true) {
        throw new QuaysideError('busy', `“${job.title}” can't be cancelled any more.`, {
          hint: 'It goes on until it is finished, so that nothing is left half done.',
        })
      }
      stores.jobs.update(id, { cancelRequested: true, runAt: clock.now() })
      worker.take(id)
      tellJob(publish, job)
      return {}
    },

    retry: async ({ id }) => {
      const job = get(id)
      const definition = definitions.get(job.kind)
      if (definition === undefined) throw unknownKind(job)
      const ended = job.state === 'failed' || job.state === 'cancelled'
      const resting = job.state === 'waiting' || !stores.processes.alive().has(job.owner ?? '')
      if (!ended && !resting) {
        throw new QuaysideError('busy', `“${job.title}” is at work already, or done.`)
      }
      if (job.state === 'done') throw new QuaysideError('busy', `“${job.title}” is done.`)
      stores.transaction(() => {
        if (ended) {
          definition.prepare?.(definition.input.parse(job.input))
          stores.jobs.resetSteps(id)
          stores.jobs.update(id, {
            state: 'waiting',
            undoing: null,
            cancelRequested: false,
            attempt: 0,
            startedAt: null,
            endedAt: null,
            error: null,
          })
        }
        stores.jobs.update(id, { runAt: clock.now() })
      })
      worker.take(id)
      tellJob(publish, job)
      return {}
    },
  }
}

function keyOf(concern: Concern): string {
  if (concern.key !== undefined) return concern.key
  return concern.databaseId === null ? `host/${concern.hostId}` : `database/${concern.databaseId}`
}
