import * as z from 'zod'
import type { RemoteSource } from '../../engines/engine-backup.ts'
import { jobIdSchema } from '../../../shared/contract/jobs.ts'
import { tableRowsSchema } from '../../../shared/contract/backups.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import { becomeUsable, createDatabaseJob, createJobSchema } from '../databases/create-database.ts'
import {
  databaseJobSchema,
  hostOf,
  recordOf,
  type DatabaseJobInput,
} from '../databases/database-job.ts'
import { requireContainer } from '../databases/server.ts'
import {
  undo,
  type JobContext,
  type JobDefinition,
  type StepContext,
} from '../jobs/job-definition.ts'
import { jobAboutSchema } from '../jobs/job-view.ts'
import { secretKeys } from '../ports.ts'
import { jobLabel, taskLabels } from './backup-job.ts'
import { withAuthorities } from './authorities.ts'
import { extensionsSchema } from './companion.ts'
import { compareRows } from './compare-rows.ts'
import { dumpDatabase } from './dump-database.ts'
import type { TransferDeps } from './export-file.ts'
import { countForeign, ownedBy } from './fill-database.ts'
import { fillFromFile } from './import-file.ts'
import { passwordFacts } from './import-passwords.ts'
import { fileFactsSchema } from './look-at-file.ts'
import { describeSource, lookAtSource, openSource, placeOf } from './look-at-source.ts'

const importServerSchema = z.object({
  /** Its password lies in the keychain; see `import-passwords.ts`. */
  source: z.object({
    address: z.string(),
    host: z.string(),
    port: z.int(),
    user: z.string(),
    database: z.string(),
    tls: z.enum(['never', 'if-possible', 'always', 'authority', 'verified']),
    rootFile: z.string().nullable().default(null),
    options: z.string().nullable().default(null),
  }),
  create: createJobSchema,
  about: jobAboutSchema.shape.about,
})
export type ImportServerInput = z.infer<typeof importServerSchema>

const leftSchema = databaseJobSchema.extend({ jobId: jobIdSchema })
const dumpedSchema = fileFactsSchema.extend({
  tables: z.array(tableRowsSchema),
  extensions: extensionsSchema.default([]),
})
type Dumped = z.infer<typeof dumpedSchema>

/**
 * Makes a new database of one on a server elsewhere: all of it as it was at one moment, or nothing. A
 * task on the host dumps it, by the tools of the version that takes it in. Nobody vouches for that
 * server, so it is restored like a file.
 */
export function importServerJob(deps: TransferDeps): JobDefinition<ImportServerInput> {
  const create = createDatabaseJob(deps, { leaveCreating: true })
  const forgetPassword = ({ databaseId }: Pick<DatabaseJobInput, 'databaseId'>): Promise<void> =>
    deps.secrets.delete(secretKeys.importSource(databaseId))

  return {
    kind: 'import-server',
    heavy: true,
    input: importServerSchema,
    cancellable: true,
    steps: (input) => [
      { name: 'begin', title: 'Take the connection in' },
      { name: 'look', title: `Look at ${placeOf(input.source)}` },
      ...create.steps(input.create),
      { name: 'dump', title: 'Dump and check' },
      { name: 'restore', title: 'Send, check on the host and restore' },
      { name: 'compare', title: 'Count the rows and compare' },
    ],
    prepare: (input) => create.prepare?.(input.create),
    forget: async ({ create: { databaseId } }) => {
      await forgetPassword({ databaseId })
      deps.stores.databases.remove(databaseId)
    },

    run: async (input, job) => {
      const { databaseId, hostId, about, database: logicalName } = input.create
      const made = { databaseId, hostId, about }
      const left = { ...made, jobId: job.id }

      await job.effect({
        name: 'begin',
        undo: { name: 'forget-import', input: left },
        run: (step) => {
          step.fact(passwordFacts.inUse)
        },
      })
      await job.effect({
        name: 'look',
        run: async (step) => {
          const host = await hostOf(deps, made, step.signal)
          const { engine, version } = input.create
          const source = await sourceOf(deps, input)
          const found = await lookAtSource(deps, source, { host, engine, version }, step.signal)
          step.fact(describeSource(found))
        },
      })

      await create.run(input.create, job)

      const dumped = await job.step({
        name: 'dump',
        output: dumpedSchema,
        undo: { name: 'end-task', input: left },
        run: (step) => dump(deps, input, job, step),
      })
      await job.effect({
        name: 'restore',
        undo: { name: 'end-task', input: left },
        run: async (step) => {
          const path = await deps.files.temporary(job.id)
          await fillFromFile(deps, path, dumped, { ...left, logicalName }, step)
        },
      })
      await job.effect({
        name: 'compare',
        run: async (step) => {
          const rows = await countForeign(deps, { ...left, logicalName }, step.signal)
          step.fact(`${compareRows(rows, dumped.tables)}; ${ownedBy(job.id)}`)
          const docker = (await hostOf(deps, made, step.signal)).docker()
          const record = recordOf(deps, made)
          const container = await requireContainer(docker, record, about.hostName, step.signal)
          await deps.files.removeTemporary(job.id)
          await forgetPassword(made)
          becomeUsable(deps, input.create, container)
        },
      })
    },

    undo: {
      ...create.undo,
      'forget-import': undo(leftSchema, async (left, _signal, { end, fact }) => {
        await deps.files.removeTemporary(left.jobId)
        if (end === 'cancelled') await forgetPassword(left)
        else fact(passwordFacts.kept)
        deps.stores.databases.remove(left.databaseId)
      }),
      'end-task': undo(leftSchema, async ({ jobId, ...made }, signal, { end }) => {
        // First, as the host may not answer for long.
        await deps.files.removeTemporary(jobId)
        if (end === 'cancelled') await forgetPassword(made)
        const docker = (await hostOf(deps, made, signal)).docker()
        await docker.removeTasks(jobLabel(jobId), { signal })
      }),
    },
  }
}

/** To a file of our own on this computer, as each part of the way is proven by itself. */
async function dump(
  deps: TransferDeps,
  input: ImportServerInput,
  job: JobContext,
  step: StepContext,
): Promise<Dumped> {
  const { signal } = step
  const { databaseId, hostId, about, engine: engineId } = input.create
  const made = { databaseId, hostId, about }
  const source = await sourceOf(deps, input)
  const host = await hostOf(deps, made, signal)
  await host.docker().removeTasks(jobLabel(job.id), { signal })
  await deps.files.removeTemporary(job.id)
  const path = await deps.files.temporary(job.id)
  // Its tools are those that will take it in; the server itself is not needed yet.
  const record = recordOf(deps, made)
  const { imageId } = await requireContainer(host.docker(), record, about.hostName, signal)
  const bulk = await host.bulk(signal)
  try {
    const stored = await dumpDatabase(
      {
        bulk,
        codecs: deps.codecs,
        clock: deps.clock,
        openSession: (over) => openSource(deps, source, { host, engine: engineId }, over),
      },
      {
        engine: deps.engines.get(engineId),
        source,
        codec: 'zstd',
        key: null,
        name: `quayside-import-${job.id}`,
        labels: taskLabels(job.id, record.id),
        imageId,
        containerId: null,
      },
      {
        destination: {
          put: async (name, content, { signal }) => {
            const file = { path: name, jobId: job.id }
            const written = await deps.files.writePart(file, content, signal)
            await deps.files.publish(file, written.bytes)
            return written
          },
        },
        nameOf: () => path,
      },
      {
        signal,
        onFlow: ({ bytes, bytesPerSecond }) => step.progress({ bytes, bytesPerSecond }),
      },
    )
    const { codec, tables, database, plain } = stored
    step.fact(`${formatBytes(plain.bytes)} dumped`)
    return {
      codec,
      tables,
      extensions: database.extensions,
      format: 'custom',
      stored: stored.stored,
      plain,
    }
  } finally {
    await bulk.close()
  }
}

async function sourceOf(
  { secrets, files }: Pick<TransferDeps, 'secrets' | 'files'>,
  { source, create }: ImportServerInput,
): Promise<RemoteSource> {
  const password = await secrets.get(secretKeys.importSource(create.databaseId))
  if (password !== null) return withAuthorities(files, { ...source, password })
  throw new QuaysideError('engine_failed', 'The password of that server is not in the keychain.', {
    hint: 'It stays there for a day after an import has failed. Import anew, with the connection string.',
  })
}
