import * as z from 'zod'
import { containerName, trashName } from '../../../shared/names.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { undo, type JobDefinition } from '../jobs/job-definition.ts'
import { secretKeys, type DatabaseRecord } from '../ports.ts'
import {
  databaseJobSchema,
  hostOf,
  recordOf,
  type DatabaseJobDeps,
  type DatabaseJobInput,
} from './database-job.ts'
import { isFolder, removeFolder } from './data-folder.ts'
import { belongsTo } from './labels.ts'
import { containerOf, readyStep, start, stop } from './run-jobs.ts'
import { findContainer } from './server.ts'

const wasRunning = databaseJobSchema.extend({ running: z.boolean() })

/** Moves a database to the trash: stopped, renamed so that its name is free, volume kept. */
export function deleteDatabaseJob(deps: DatabaseJobDeps): JobDefinition<DatabaseJobInput> {
  const { stores, clock } = deps
  return {
    kind: 'delete-database',
    input: databaseJobSchema,
    cancellable: true,
    steps: () => [
      { name: 'look', title: 'Find the container' },
      { name: 'stop', title: 'Stop the container' },
      { name: 'rename', title: 'Move it to the trash' },
    ],
    run: async (input, job) => {
      const { running } = await job.step({
        name: 'look',
        output: z.object({ running: z.boolean() }),
        run: async (step) => {
          const { container } = await containerOf(deps, input, step.signal)
          return { running: container.state === 'running' }
        },
      })
      await job.effect({
        name: 'stop',
        undo: { name: 'start-again', input: { ...input, running } },
        run: (step) => stop(deps, input, step.signal),
      })
      await job.effect({
        name: 'rename',
        undo: { name: 'rename-back', input },
        run: async (step) => {
          const record = recordOf(deps, input)
          await renameTo(deps, input, trashName(record, record.id), step.signal, () => {
            stores.databases.update(record.id, { state: 'trash', deletedAt: clock.now() })
            audit(deps, 'databases.delete', record, input)
          })
        },
      })
    },
    undo: {
      'start-again': undo(wasRunning, async (input, signal) => {
        if (input.running) await start(deps, input, signal)
      }),
      'rename-back': undo(databaseJobSchema, (input, signal) =>
        renameTo(deps, input, containerName(recordOf(deps, input)), signal, () => {
          stores.databases.update(input.databaseId, { state: 'ready', deletedAt: null })
        }),
      ),
    },
  }
}

/** Brings a database back from the trash and starts it. */
export function undeleteDatabaseJob(deps: DatabaseJobDeps): JobDefinition<DatabaseJobInput> {
  const { stores } = deps
  return {
    kind: 'undelete-database',
    input: databaseJobSchema,
    cancellable: false,
    steps: () => [
      { name: 'rename', title: 'Take it out of the trash' },
      { name: 'start', title: 'Start the container' },
      { name: 'ready', title: 'Wait until it accepts connections' },
    ],
    run: async (input, job) => {
      await job.effect({
        name: 'rename',
        run: async (step) => {
          const record = recordOf(deps, input)
          await renameTo(deps, input, containerName(record), step.signal, () => {
            stores.databases.update(record.id, { state: 'ready', deletedAt: null })
            audit(deps, 'databases.undelete', record, input)
          })
        },
      })
      await job.effect({
        name: 'start',
        run: (step) => start(deps, input, step.signal),
      })
      await readyStep(deps, input, job)
    },
    undo: {},
  }
}

/** Removes a database in the trash for good. Begun, it is finished: half of it would be worth nothing. */
export function purgeDatabaseJob(deps: DatabaseJobDeps): JobDefinition<DatabaseJobInput> {
  const { stores, secrets } = deps
  return {
    kind: 'purge-database',
    input: databaseJobSchema,
    cancellable: false,
    steps: () => [
      { name: 'container', title: 'Remove the container' },
      { name: 'volume', title: 'Remove its data' },
      { name: 'forget', title: 'Forget its credentials' },
    ],
    run: async (input, job) => {
      await job.effect({
        name: 'container',
        run: async (step) => {
          const record = inTrash(recordOf(deps, input))
          const docker = (await hostOf(deps, input, step.signal)).docker()
          const container = await findContainer(docker, record, step.signal)
          if (container !== null) await docker.removeContainer(container.id, step)
        },
      })
      await job.effect({
        name: 'volume',
        run: async (step) => {
          const record = inTrash(recordOf(deps, input))
          const docker = (await hostOf(deps, input, step.signal)).docker()
          if (isFolder(record.volumeName)) {
            if (!(await removeFolder(docker, record, step.signal)))
              step.fact('A folder of that name is not this database’s and was left alone')
            return
          }
          const volume = await docker.inspectVolume(record.volumeName, step)
          if (volume === null) step.fact('It was gone already')
          else if (belongsTo(volume.labels, record)) await docker.removeVolume(volume.name, step)
          else step.fact('A volume of that name belongs to another database and was left alone')
        },
      })
      await job.effect({
        name: 'forget',
        run: async () => {
          await secrets.delete(secretKeys.databasePassword(input.databaseId))
          const record = stores.databases.get(input.databaseId)
          if (record === null) return
          stores.transaction(() => {
            stores.databases.remove(record.id)
            audit(deps, 'databases.purge', record, input)
          })
        },
      })
    },
    undo: {},
  }
}

function inTrash(record: DatabaseRecord): DatabaseRecord {
  if (record.state === 'trash') return record
  throw new QuaysideError('protected', `${record.name} is not in the trash.`, {
    hint: 'It was brought back meanwhile, so nothing was removed.',
  })
}

/**
 * Renames the container and then its record. Cut in between, the container is found under its new
 * name when the step is repeated.
 */
async function renameTo(
  deps: DatabaseJobDeps,
  input: DatabaseJobInput,
  name: string,
  signal: AbortSignal,
  alsoChange: () => void,
): Promise<void> {
  const record = recordOf(deps, input)
  const docker = (await hostOf(deps, input, signal)).docker()
  const there = await docker.inspectContainer(name, { signal })
  if (there === null) {
    const { container } = await containerOf(deps, input, signal)
    await docker.renameContainer(container.id, name, { signal })
  } else if (!belongsTo(there.labels, record)) {
    throw new QuaysideError('name_taken', `Another container is named ${name}.`, {
      hint: `Rename or remove it on ${input.about.hostName}, then retry.`,
    })
  }
  deps.stores.transaction(() => {
    deps.stores.databases.update(record.id, { containerName: name })
    alsoChange()
  })
}

function audit(
  deps: DatabaseJobDeps,
  action: string,
  record: DatabaseRecord,
  input: DatabaseJobInput,
): void {
  deps.stores.audit.append({
    action,
    subject: record.name,
    facts: { host: input.about.hostName, container: record.containerName },
  })
}
