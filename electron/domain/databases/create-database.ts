import * as z from 'zod'
import { databaseIdSchema } from '../../../shared/contract/databases.ts'
import { hostIdSchema } from '../../../shared/contract/hosts.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import { environmentSchema } from '../../../shared/names.ts'
import { undo, type JobDefinition, type StepContext } from '../jobs/job-definition.ts'
import { jobAboutSchema } from '../jobs/job-view.ts'
import { secretKeys, type DatabaseRecord, type Docker } from '../ports.ts'
import { generatePassword } from './credentials.ts'
import { hostOf, type DatabaseJobDeps } from './database-job.ts'
import { ensureContainer, rebuild } from './ensure-container.ts'
import { belongsTo, labelsOf } from './labels.ts'
import { takenPorts } from './ports-in-use.ts'
import { findContainer, passwordOf, waitUntilReady } from './server.ts'

/** How often a server that was torn while it initialised is begun anew. */
const maxRebuilds = 2

const createJobSchema = z.object({
  databaseId: databaseIdSchema,
  hostId: hostIdSchema,
  name: z.string(),
  environment: environmentSchema,
  engine: z.string(),
  version: z.string(),
  image: z.string(),
  containerName: z.string(),
  volumeName: z.string(),
  user: z.string(),
  database: z.string(),
  createdAt: z.number(),
  about: jobAboutSchema.shape.about,
})
export type CreateJobInput = z.infer<typeof createJobSchema>

/** What an undo needs to find exactly what this create made. */
const madeSchema = z.object({
  databaseId: databaseIdSchema,
  hostId: hostIdSchema,
  about: jobAboutSchema.shape.about,
})

/** Creates a database: container, volume, port, record and secret, or none of them. */
export function createDatabaseJob(deps: DatabaseJobDeps): JobDefinition<CreateJobInput> {
  const { stores, secrets, clock } = deps

  const recordOf = (input: CreateJobInput): DatabaseRecord => {
    const record = stores.databases.get(input.databaseId)
    if (record === null) throw new QuaysideError('not_found', 'The database was removed meanwhile.')
    return record
  }

  return {
    kind: 'create-database',
    input: createJobSchema,
    cancellable: true,

    steps: (input) => [
      { name: 'check', title: `Check ${input.about.hostName}` },
      { name: 'credentials', title: 'Write credentials to this computer’s keychain' },
      { name: 'pull', title: `Pull ${input.image}` },
      { name: 'volume', title: `Make volume ${input.volumeName}` },
      { name: 'container', title: 'Create and start the container' },
      {
        name: 'ready',
        title: `Wait until ${deps.engines.get(input.engine).info.label} accepts connections`,
      },
    ],

    prepare: (input) => {
      if (stores.databases.get(input.databaseId) !== null) return
      const { about, databaseId, ...rest } = input
      stores.databases.insert({
        ...rest,
        id: databaseId,
        port: null,
        state: 'creating',
        // Production is locked from its first moment; lifting that is a deliberate act.
        protected: input.environment === 'production',
        deletedAt: null,
        lastKnown: null,
      })
    },

    run: async (input, job) => {
      const engine = deps.engines.get(input.engine)
      const made = { databaseId: input.databaseId, hostId: input.hostId, about: input.about }

      const { port } = await job.step({
        name: 'check',
        output: z.object({ port: z.number() }),
        undo: { name: 'forget', input: made },
        run: async (step) => {
          const host = await hostOf(deps, input, step.signal)
          const record = recordOf(input)
          const [taken] = await Promise.all([
            takenPorts(host, step.signal),
            findContainer(host.docker(), record, step.signal),
            refuseForeignVolume(host.docker(), record, step.signal),
          ])
          const reserved = stores.databases.reservePort(record.id, engine.info.defaultPort, taken)
          step.fact(`Name free, port ${reserved} free`)
          return { port: reserved }
        },
      })

      await job.step({
        name: 'credentials',
        output: z.null(),
        undo: { name: 'delete-secret', input: made },
        run: async (step) => {
          const key = secretKeys.databasePassword(input.databaseId)
          if ((await secrets.get(key)) === null) await secrets.set(key, generatePassword())
          step.fact(`${input.user}, password of 24 characters`)
          return null
        },
      })

      await job.step({
        name: 'pull',
        output: z.null(),
        run: async (step) => {
          const host = await hostOf(deps, input, step.signal)
          await pull(host.docker(), input.image, step)
          return null
        },
      })

      await job.step({
        name: 'volume',
        output: z.null(),
        undo: { name: 'remove-volume', input: made },
        run: async (step) => {
          const host = await hostOf(deps, input, step.signal)
          const record = recordOf(input)
          await refuseForeignVolume(host.docker(), record, step.signal)
          await host
            .docker()
            .ensureVolume({ name: record.volumeName, labels: labelsOf(record) }, step)
          return null
        },
      })

      await job.step({
        name: 'container',
        output: z.null(),
        undo: { name: 'remove-container', input: made },
        run: async (step) => {
          const host = await hostOf(deps, input, step.signal)
          const password = await passwordOf(secrets, recordOf(input))
          const bound = await ensureContainer(
            { stores, docker: host.docker(), engine, password },
            recordOf(input),
            step.signal,
          )
          if (bound !== port) step.fact(`Port ${port} was taken meanwhile; it got ${bound}`)
          return null
        },
      })

      await job.step({
        name: 'ready',
        output: z.null(),
        run: async (step) => {
          await becomeReady(deps, input, recordOf, step)
          const host = await hostOf(deps, input, step.signal)
          const record = recordOf(input)
          const container = await findContainer(host.docker(), record, step.signal)
          if (container === null) {
            throw new QuaysideError(
              'container_missing',
              'The new container was removed meanwhile.',
              {
                hint: 'Something on the host removed it. Retry.',
              },
            )
          }
          await emptySecretFiles(deps, input, host.docker(), container.id, step.signal)
          const now = clock.now()
          stores.transaction(() => {
            stores.databases.update(record.id, { state: 'ready' })
            stores.databases.setLastKnown(record.id, {
              status: 'running',
              reason: null,
              startedAt: container.startedAt,
              since: container.startedAt ?? now,
              at: now,
            })
            stores.audit.append({
              at: now,
              action: 'databases.create',
              subject: record.name,
              outcome: 'done',
              facts: { host: input.about.hostName, container: record.containerName },
            })
          })
          return null
        },
      })
    },

    undo: {
      'remove-container': undo(madeSchema, async (made, signal) => {
        const record = stores.databases.get(made.databaseId)
        if (record === null) return
        const docker = (await hostOf(deps, made, signal)).docker()
        const container = await docker.inspectContainer(record.containerName, { signal })
        if (container === null || !belongsTo(container.labels, record)) return
        await docker.removeContainer(container.id, { signal })
      }),
      'remove-volume': undo(madeSchema, async (made, signal) => {
        const record = stores.databases.get(made.databaseId)
        if (record === null) return
        const docker = (await hostOf(deps, made, signal)).docker()
        const volume = await docker.inspectVolume(record.volumeName, { signal })
        if (volume === null || !belongsTo(volume.labels, record)) return
        await docker.removeVolume(volume.name, { signal })
      }),
      'delete-secret': undo(madeSchema, (made) =>
        secrets.delete(secretKeys.databasePassword(made.databaseId)),
      ),
      forget: undo(madeSchema, (made) => {
        stores.databases.remove(made.databaseId)
        return Promise.resolve()
      }),
    },
  }
}

/**
 * Waits for the first login. A server whose first start was cut (dockerd stopped, say) may come up
 * with half an initialisation; it has never been ready, so nothing in it is of value, and it is begun
 * anew from an empty volume.
 */
async function becomeReady(
  deps: DatabaseJobDeps,
  input: CreateJobInput,
  recordOf: (input: CreateJobInput) => DatabaseRecord,
  step: StepContext,
): Promise<void> {
  const engine = deps.engines.get(input.engine)
  for (let rebuilds = 0; ; rebuilds++) {
    const host = await hostOf(deps, input, step.signal)
    try {
      const record = recordOf(input)
      const session = { host, engine, secrets: deps.secrets, record, clock: deps.clock }
      await waitUntilReady(session, step.signal)
      return
    } catch (thrown) {
      const torn = thrown instanceof QuaysideError && thrown.code === 'engine_failed'
      if (!torn || rebuilds >= maxRebuilds) throw thrown
      step.fact('Its first start was interrupted; begun anew')
      const record = recordOf(input)
      const password = await passwordOf(deps.secrets, record)
      const docker = host.docker()
      await rebuild({ stores: deps.stores, docker, engine, password }, record, step.signal)
    }
  }
}

async function emptySecretFiles(
  deps: DatabaseJobDeps,
  input: CreateJobInput,
  docker: Docker,
  containerId: string,
  signal: AbortSignal,
): Promise<void> {
  const { user, database, version } = input
  const spec = deps.engines.get(input.engine).server({ version, user, database, password: '' })
  const emptied = spec.files.filter((file) => file.secret).map((file) => ({ ...file, content: '' }))
  await docker.putFiles(containerId, emptied, { signal })
}

async function refuseForeignVolume(
  docker: Docker,
  record: DatabaseRecord,
  signal: AbortSignal,
): Promise<void> {
  const volume = await docker.inspectVolume(record.volumeName, { signal })
  if (volume === null || belongsTo(volume.labels, record)) return
  throw new QuaysideError('name_taken', `The volume ${record.volumeName} exists already.`, {
    hint: 'It may hold the data of an earlier database, so it is left alone. Choose another name.',
    field: 'name',
  })
}

async function pull(docker: Docker, image: string, step: StepContext): Promise<void> {
  const begun = performance.now()
  const { pulled } = await docker.ensureImage(image, {
    signal: step.signal,
    onProgress: ({ bytes, totalBytes, layers, layersDone }) => {
      const seconds = (performance.now() - begun) / 1000
      step.progress({
        bytes,
        totalBytes,
        bytesPerSecond: seconds > 0.5 ? bytes / seconds : null,
        text: `layer ${Math.min(layersDone + 1, layers)} of ${layers}`,
      })
      if (bytes === totalBytes && totalBytes > 0) step.fact(formatBytes(totalBytes))
    },
  })
  if (!pulled) step.fact('It was there already')
}
