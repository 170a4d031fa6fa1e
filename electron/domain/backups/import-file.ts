import * as z from 'zod'
import type { DatabaseFacts, TaskCodec } from '../../engines/engine-backup.ts'
import { jobIdSchema } from '../../../shared/contract/jobs.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import { becomeUsable, createDatabaseJob, createJobSchema } from '../databases/create-database.ts'
import { generatePassword } from '../databases/credentials.ts'
import { databaseJobSchema, hostOf, recordOf } from '../databases/database-job.ts'
import { requireContainer } from '../databases/server.ts'
import { undo, type JobDefinition, type StepContext } from '../jobs/job-definition.ts'
import { jobAboutSchema } from '../jobs/job-view.ts'
import { jobLabel, stallMs, taskLabels } from './backup-job.ts'
import type { TransferDeps } from './export-file.ts'
import {
  asTheImageCan,
  runRestoreTask,
  taskNonce,
  type FeedOptions,
  type Take,
  type TaskPlace,
} from './feed-restore.ts'
import {
  countForeign,
  importerOf,
  ownedBy,
  phaseTexts,
  withServer,
  type FillTarget,
} from './fill-database.ts'
import { fillQuickly } from './quick-fill.ts'
import { besideServer, type ServerUp } from './server-up.ts'
import { describeFile, fileFactsSchema, lookAtFile, type FileFacts } from './look-at-file.ts'
import { digest } from './stream/digest.ts'
import { gate } from './stream/gate.ts'
import { meter } from './stream/meter.ts'
import { runPipeline } from './stream/run-pipeline.ts'

const importFileSchema = z.object({
  path: z.string(),
  create: createJobSchema,
  about: jobAboutSchema.shape.about,
})
export type ImportFileInput = z.infer<typeof importFileSchema>

const taskSchema = databaseJobSchema.extend({ jobId: jobIdSchema })

/**
 * Makes a new database of a file of this computer: with all that is in it, or none. Nobody vouches for
 * a file, so a role fills the database that owns it and can do nothing outside.
 */
export function importFileJob(deps: TransferDeps): JobDefinition<ImportFileInput> {
  const create = createDatabaseJob(deps, { leaveCreating: true })

  return {
    kind: 'import-file',
    heavy: true,
    input: importFileSchema,
    cancellable: true,
    steps: (input) => [
      { name: 'open', title: `Read ${input.path}` },
      ...create.steps(input.create),
      { name: 'restore', title: 'Send, check on the host and import' },
      { name: 'count', title: 'Count the rows' },
    ],
    prepare: (input) => create.prepare?.(input.create),
    forget: async (input) => create.forget?.(input.create),

    run: async (input, job) => {
      const { databaseId, hostId, about, database: logicalName } = input.create
      const made = { databaseId, hostId, about }

      const facts = await job.step({
        name: 'open',
        output: fileFactsSchema,
        undo: { name: 'forget', input: made },
        run: (step) => open(deps, input, step),
      })

      await create.run(input.create, job)

      await job.effect({
        name: 'restore',
        undo: { name: 'end-task', input: { ...made, jobId: job.id } },
        run: async (step) => {
          const target = { ...made, logicalName, jobId: job.id }
          await fillFromFile(deps, input.path, facts, target, step)
        },
      })

      await job.effect({
        name: 'count',
        run: async (step) => {
          const target = { ...made, logicalName, jobId: job.id }
          const tables = await countForeign(deps, target, step.signal)
          const rows = tables.reduce((sum, table) => sum + table.rows, 0)
          const counted = `${tables.length} tables, ${rows.toLocaleString('en-US')} rows`
          step.fact(`${counted}; ${ownedBy(job.id)}`)
          const docker = (await hostOf(deps, made, step.signal)).docker()
          const record = recordOf(deps, made)
          const container = await requireContainer(docker, record, about.hostName, step.signal)
          becomeUsable(deps, input.create, container)
        },
      })
    },

    undo: {
      ...create.undo,
      'end-task': undo(taskSchema, async (made, signal) => {
        const docker = (await hostOf(deps, made, signal)).docker()
        await docker.removeTasks(jobLabel(made.jobId), { signal })
      }),
    },
  }
}

async function open(
  deps: TransferDeps,
  { path, create }: ImportFileInput,
  step: StepContext,
): Promise<FileFacts> {
  const totalBytes = await deps.files.size(path)
  const facts = await lookAtFile(deps, deps.engines.get(create.engine), path, {
    signal: step.signal,
    onFlow: ({ bytes, bytesPerSecond }) => step.progress({ bytes, totalBytes, bytesPerSecond }),
  })
  step.fact(describeFile({ ...facts, bytes: facts.stored.bytes }))
  return facts
}

/** A file to fill a database with, and what it needs of its server, where that is known. */
interface FileToFill extends FileFacts {
  extensions?: DatabaseFacts['extensions']
}

/** Fills a new database of ours with a file, whole, by a role that can do nothing outside of it. */
export async function fillFromFile(
  deps: TransferDeps,
  path: string,
  facts: FileToFill,
  target: FillTarget,
  step: StepContext,
): Promise<void> {
  // Statements are committed one by one, which gains nothing by it.
  const bytes = facts.format === 'custom' ? facts.plain.bytes : 0
  await fillQuickly(deps, target, bytes, step, () => fill(deps, path, facts, target, step))
}

async function fill(
  deps: TransferDeps,
  path: string,
  facts: FileToFill,
  target: FillTarget,
  step: StepContext,
): Promise<void> {
  const { signal } = step
  const docker = (await hostOf(deps, target, signal)).docker()
  await docker.removeTasks(jobLabel(target.jobId), { signal })
  await besideServer(deps, target, { signal, start: true }, (server) =>
    fillBeside(deps, path, facts, target, server, step),
  )
}

async function fillBeside(
  deps: TransferDeps,
  path: string,
  facts: FileToFill,
  target: FillTarget,
  { host, record, containerId, imageId }: ServerUp,
  step: StepContext,
): Promise<void> {
  const { signal } = step
  const { jobId, logicalName } = target
  const { backup } = deps.engines.get(record.engine)

  const importer = { user: importerOf(jobId), password: generatePassword() }
  await withServer(deps, target, { signal }, async (session) => {
    await session.dropDatabase(logicalName)
    await session.createDatabase(logicalName, null)
    await session.createImporter(importer.user, importer.password, logicalName)
  })
  const { extensions = [] } = facts
  await withServer(deps, target, { database: logicalName, signal }, (session) =>
    // Of a file there are none; a server was named by the user, who has them there.
    session.createExtensions(extensions, importer.user, { mayLeadOut: true }),
  )

  const place: TaskPlace = {
    name: `quayside-import-${jobId}`,
    labels: taskLabels(jobId, record.id),
    imageId,
    containerId,
  }
  const options: FeedOptions = {
    signal,
    onFlow: ({ bytes, bytesPerSecond }) =>
      step.progress({
        bytes,
        bytesPerSecond,
        totalBytes: facts.stored.bytes,
        text: phaseTexts.receiving,
      }),
    onPhase: (phase) => step.progress({ text: phaseTexts[phase] }),
  }
  const bulk = await host.bulk(signal)
  try {
    const warnings = await asTheImageCan(facts.codec, (sent) => {
      const whole = sent === facts.codec
      const request = {
        target: backup.beside({ ...importer, database: logicalName }),
        nonce: taskNonce(),
        codec: sent,
        expected: {
          sha256: whole ? facts.stored.sha256 : facts.plain.sha256,
          roomBytes: facts.plain.bytes,
        },
      }
      const program =
        facts.format === 'custom'
          ? backup.restore({ ...request, trust: 'foreign' })
          : // What fails half-way is thrown away with its server, so it needs no transaction around it.
            backup.importStatements(request)
      return runRestoreTask({ bulk, clock: deps.clock }, place, program, options, (take, over) =>
        feed(deps, path, facts, sent, { take, over, onFlow: options.onFlow }),
      )
    })
    step.fact([`${formatBytes(facts.plain.bytes)} imported`, ...warnings].join('; '))
  } finally {
    await bulk.close()
  }
}

/** The file once more; one that is another by now does not come to its end. */
async function feed(
  deps: TransferDeps,
  path: string,
  facts: FileFacts,
  sent: TaskCodec,
  { take, over, onFlow }: { take: Take; over: AbortSignal; onFlow: FeedOptions['onFlow'] },
): Promise<void> {
  const again = digest()
  const whole = sent === facts.codec
  await runPipeline({
    source: { name: 'the file', stream: deps.files.read(path) },
    stages: [
      { name: 'the file', stream: meter(deps.clock, onFlow) },
      { name: 'the file', stream: again.stage },
      {
        name: 'the file',
        stream: gate(() => {
          if (again.result().sha256 === facts.stored.sha256) return Promise.resolve()
          return Promise.reject(
            new QuaysideError('backup_damaged', 'The file was changed while it was imported.', {
              hint: 'Import it again once nothing writes to it.',
            }),
          )
        }),
      },
      ...(whole
        ? []
        : [{ name: 'the decompression', stream: deps.codecs.decompress(facts.codec) }]),
    ],
    sink: { name: 'the import', take },
    signal: over,
    clock: deps.clock,
    stallMs,
    code: 'restore_failed',
  })
}
