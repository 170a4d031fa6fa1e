import * as z from 'zod'
import { databaseIdSchema } from '../../../shared/contract/databases.ts'
import { hostIdSchema } from '../../../shared/contract/hosts.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { environmentSchema } from '../../../shared/names.ts'
import { undo, type JobDefinition } from '../jobs/job-definition.ts'
import { jobAboutSchema } from '../jobs/job-view.ts'
import { secretKeys } from '../ports.ts'
import { generatePassword } from './credentials.ts'
import { hostOf, recordOf, type DatabaseJobDeps } from './database-job.ts'
import { isFolder, removeFolder } from './data-folder.ts'
import { ensureContainer, makeData } from './ensure-container.ts'
import { becomeReady, emptySecretFiles } from './first-start.ts'
import { belongsTo } from './labels.ts'
import { refuseForeignVolume } from './names-on-host.ts'
import { pullImage } from './pull-image.ts'
import { takenPorts } from './ports-in-use.ts'
import { findContainer, graceOf, passwordOf, requireContainer, waitUntilReady } from './server.ts'

export const createJobSchema = z.object({
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
  /** As `ServerRequest.filling`; whoever asks for it takes it back. */
  filling: z.boolean().optional(),
  about: jobAboutSchema.shape.about,
})
export type CreateJobInput = z.infer<typeof createJobSchema>

/** What an undo needs to find exactly what this create made. */
const madeSchema = z.object({
  databaseId: databaseIdSchema,
  hostId: hostIdSchema,
  about: jobAboutSchema.shape.about,
})

/**
 * Creates a database: container, volume, port, record and secret, or none of them.
 * @param leaveCreating true where something follows before it may be used; `becomeUsable` ends that
 */
export function createDatabaseJob(
  deps: DatabaseJobDeps,
  { leaveCreating = false }: { leaveCreating?: boolean } = {},
): JobDefinition<CreateJobInput> {
  const { stores, secrets, clock } = deps

  return {
    kind: 'create-database',
    input: createJobSchema,
    cancellable: true,

    steps: (input) => [
      { name: 'check', title: `Check ${input.about.hostName}` },
      { name: 'credentials', title: 'Write credentials to this computer’s keychain' },
      { name: 'pull', title: `Pull ${input.image}` },
      {
        name: 'volume',
        title: `Make ${isFolder(input.volumeName) ? 'folder' : 'volume'} ${input.volumeName}`,
      },
      { name: 'container', title: 'Create and start the container' },
      {
        name: 'ready',
        title: `Wait until ${deps.engines.get(input.engine).info.label} accepts connections`,
      },
    ],

    prepare: (input) => {
      if (stores.databases.get(input.databaseId) !== null) return
      const { about, filling, databaseId, ...rest } = input
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

    forget: ({ databaseId }) => {
      stores.databases.remove(databaseId)
      return Promise.resolve()
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
          const record = recordOf(deps, input)
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

      await job.effect({
        name: 'credentials',
        undo: { name: 'delete-secret', input: made },
        run: async (step) => {
          const key = secretKeys.databasePassword(input.databaseId)
          if ((await secrets.get(key)) === null) await secrets.set(key, generatePassword())
          step.fact(`${input.user}, password of 24 characters`)
        },
      })

      await job.effect({
        name: 'pull',
        run: async (step) => {
          const host = await hostOf(deps, input, step.signal)
          await pullImage(host.docker(), input.image, step)
        },
      })

      await job.effect({
        name: 'volume',
        undo: { name: 'remove-volume', input: made },
        run: async (step) => {
          const host = await hostOf(deps, input, step.signal)
          const record = recordOf(deps, input)
          await refuseForeignVolume(host.docker(), record, step.signal)
          await makeData({ docker: host.docker(), engine }, record, step.signal)
        },
      })

      const { startedAt } = await job.step({
        name: 'container',
        output: z.object({ startedAt: z.number().nullable() }),
        undo: { name: 'remove-container', input: made },
        run: async (step) => {
          const host = await hostOf(deps, input, step.signal)
          const password = await passwordOf(secrets, recordOf(deps, input))
          const bound = await ensureContainer(
            { stores, docker: host.docker(), engine, password, filling: input.filling },
            recordOf(deps, input),
            step.signal,
          )
          if (bound !== port) step.fact(`Port ${port} was taken meanwhile; it got ${bound}`)
          const container = await findContainer(host.docker(), recordOf(deps, input), step.signal)
          return { startedAt: container?.startedAt ?? null }
        },
      })

      await job.effect({
        name: 'ready',
        run: async (step) => {
          await becomeReady(deps, input, step)
          const host = await hostOf(deps, input, step.signal)
          const docker = host.docker()
          const record = recordOf(deps, input)
          const container = await requireContainer(
            docker,
            record,
            input.about.hostName,
            step.signal,
          )
          await emptySecretFiles(docker, engine, record, container.id, step.signal)
          if (container.startedAt !== startedAt) {
            // Not its first start: then the entrypoint has read the password into the environment and
            // no init script took it out. Another start, now that the file is empty, does.
            await docker.restartContainer(container.id, graceOf(engine, record), step)
            await waitUntilReady({ host, engine, secrets, record, clock }, step.signal)
          }
          if (!leaveCreating) becomeUsable(deps, input, container)
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
        if (isFolder(record.volumeName)) {
          // Where the data directory itself could not be made, there is no folder in it either.
          await removeFolder(docker, record, signal).catch((thrown: unknown) => {
            if (!(thrown instanceof QuaysideError) || thrown.code !== 'volume_missing') throw thrown
          })
          return
        }
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

/** From now on it is a database like any other. */
export function becomeUsable(
  { stores, clock }: Pick<DatabaseJobDeps, 'stores' | 'clock'>,
  { databaseId, name, containerName, about }: CreateJobInput,
  { startedAt }: { startedAt: number | null },
): void {
  const now = clock.now()
  stores.transaction(() => {
    stores.databases.update(databaseId, { state: 'ready' })
    stores.databases.setLastKnown(databaseId, {
      status: 'running',
      reason: null,
      startedAt,
      since: startedAt ?? now,
      at: now,
    })
    stores.audit.append({
      action: 'databases.create',
      subject: name,
      facts: { host: about.hostName, container: containerName },
    })
  })
}
