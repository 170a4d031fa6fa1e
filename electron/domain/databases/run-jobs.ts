import { undo, type JobContext, type JobDefinition } from '../jobs/job-definition.ts'
import type { ContainerDetail, DatabaseRecord } from '../ports.ts'
import {
  databaseJobSchema,
  hostOf,
  recordOf,
  type DatabaseJobDeps,
  type DatabaseJobInput,
} from './database-job.ts'
import { graceOf, requireContainer, waitUntilReady } from './server.ts'

/** Starts a stopped database and waits until it accepts connections. */
export function startDatabaseJob(deps: DatabaseJobDeps): JobDefinition<DatabaseJobInput> {
  return {
    kind: 'start-database',
    input: databaseJobSchema,
    cancellable: true,
    steps: () => [
      { name: 'start', title: 'Start the container' },
      { name: 'ready', title: 'Wait until it accepts connections' },
    ],
    run: async (input, job) => {
      await job.effect({
        name: 'start',
        undo: { name: 'stop', input },
        run: (step) => start(deps, input, step.signal),
      })
      await readyStep(deps, input, job)
    },
    undo: { stop: stopAgain(deps) },
  }
}

/** Stops a running database cleanly: clients are asked to finish first. */
export function stopDatabaseJob(deps: DatabaseJobDeps): JobDefinition<DatabaseJobInput> {
  return {
    kind: 'stop-database',
    input: databaseJobSchema,
    cancellable: false,
    steps: () => [{ name: 'stop', title: 'Stop the container' }],
    run: async (input, job) => {
      await job.effect({
        name: 'stop',
        run: (step) => stop(deps, input, step.signal),
      })
    },
    undo: {},
  }
}

/** Stops and starts a database. */
export function restartDatabaseJob(deps: DatabaseJobDeps): JobDefinition<DatabaseJobInput> {
  return {
    kind: 'restart-database',
    input: databaseJobSchema,
    cancellable: false,
    steps: () => [
      { name: 'restart', title: 'Restart the container' },
      { name: 'ready', title: 'Wait until it accepts connections' },
    ],
    run: async (input, job) => {
      await job.effect({
        name: 'restart',
        run: async (step) => {
          const { docker, container, grace } = await containerOf(deps, input, step.signal)
          await docker.restartContainer(container.id, grace, step)
        },
      })
      await readyStep(deps, input, job)
    },
    undo: {},
  }
}

/** The database's own container, looked up by name and checked by label. */
export async function containerOf(
  deps: DatabaseJobDeps,
  input: DatabaseJobInput,
  signal: AbortSignal,
): Promise<{
  docker: ReturnType<Awaited<ReturnType<typeof hostOf>>['docker']>
  container: ContainerDetail
  record: DatabaseRecord
  grace: number
}> {
  const record = recordOf(deps, input)
  const docker = (await hostOf(deps, input, signal)).docker()
  const container = await requireContainer(docker, record, input.about.hostName, signal)
  return { docker, container, record, grace: graceOf(deps.engines.get(record.engine), record) }
}

/** Starts the container; content when it runs already. */
export async function start(
  deps: DatabaseJobDeps,
  input: DatabaseJobInput,
  signal: AbortSignal,
): Promise<void> {
  const { docker, container } = await containerOf(deps, input, signal)
  await docker.startContainer(container.id, { signal })
}

/** Stops the container and lets the server shut down cleanly. */
export async function stop(
  deps: DatabaseJobDeps,
  input: DatabaseJobInput,
  signal: AbortSignal,
): Promise<void> {
  const { docker, container, grace } = await containerOf(deps, input, signal)
  await docker.stopContainer(container.id, grace, { signal })
}

/** Waits until a login works. */
export async function readyStep(
  deps: DatabaseJobDeps,
  input: DatabaseJobInput,
  job: JobContext,
): Promise<void> {
  await job.effect({
    name: 'ready',
    run: async (step) => {
      const record = recordOf(deps, input)
      const host = await hostOf(deps, input, step.signal)
      const engine = deps.engines.get(record.engine)
      const { secrets, clock } = deps
      await waitUntilReady({ host, engine, secrets, record, clock }, step.signal)
    },
  })
}

function stopAgain(deps: DatabaseJobDeps): ReturnType<typeof undo> {
  return undo(databaseJobSchema, (input, signal) => stop(deps, input, signal))
}
