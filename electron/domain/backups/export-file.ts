import * as z from 'zod'
import type { Codec } from '../../../shared/backup-manifest.ts'
import { jobIdSchema } from '../../../shared/contract/jobs.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import { databaseJobSchema, hostOf } from '../databases/database-job.ts'
import { loginMs, loginOf, portOf } from '../databases/server.ts'
import {
  undo,
  type JobContext,
  type JobDefinition,
  type StepContext,
} from '../jobs/job-definition.ts'
import type { DumpFiles } from '../ports.ts'
import { jobLabel, taskLabels, type BackupJobDeps } from './backup-job.ts'
import { dumpDatabase } from './dump-database.ts'
import { besideServer, running, type ServerUp } from './server-up.ts'

export interface TransferDeps extends BackupJobDeps {
  files: DumpFiles
}

const exportFileSchema = databaseJobSchema.extend({ name: z.string(), path: z.string() })
export type ExportFileInput = z.infer<typeof exportFileSchema>

const leftSchema = databaseJobSchema.extend({ jobId: jobIdSchema, path: z.string() })

/** Dumps a database to a file of this computer: whole, or there is no file. */
export function exportFileJob(deps: TransferDeps): JobDefinition<ExportFileInput> {
  return {
    kind: 'export-file',
    heavy: true,
    input: exportFileSchema,
    cancellable: true,
    steps: ({ name, path }) => [
      { name: 'look', title: `Look at ${name} and the folder` },
      { name: 'dump', title: `Dump, check and write ${name}` },
      { name: 'publish', title: `Name it ${path}` },
    ],
    run: async (input, job) => {
      const { name, path, ...rest } = input
      await job.effect({
        name: 'look',
        run: async ({ signal }) => {
          await deps.files.refuseTaken(path)
          const host = await hostOf(deps, input, signal)
          await running(deps, input, host, { signal, start: false })
        },
      })
      const bytes = await job.step({
        name: 'dump',
        output: z.number(),
        undo: { name: 'remove-part', input: { ...rest, path, jobId: job.id } },
        run: (step) => dump(deps, input, job, step),
      })
      await job.effect({
        name: 'publish',
        run: async () => {
          await deps.files.publish({ path, jobId: job.id }, bytes)
          deps.stores.audit.append({
            action: 'transfers.exportFile',
            subject: name,
            facts: { host: input.about.hostName },
          })
        },
      })
    },
    undo: {
      'remove-part': undo(leftSchema, async ({ jobId, path, ...made }, signal) => {
        await deps.files.removePart({ path, jobId })
        const docker = (await hostOf(deps, made, signal)).docker()
        await docker.removeTasks(jobLabel(jobId), { signal })
      }),
    },
  }
}

async function dump(
  deps: TransferDeps,
  input: ExportFileInput,
  job: JobContext,
  step: StepContext,
): Promise<number> {
  const { signal } = step
  const host = await hostOf(deps, input, signal)
  await host.docker().removeTasks(jobLabel(job.id), { signal })
  return besideServer(deps, input, { signal, start: false }, (server) =>
    dumpBeside(deps, input, server, job, step),
  )
}

async function dumpBeside(
  deps: TransferDeps,
  input: ExportFileInput,
  { host, record, containerId, imageId }: ServerUp,
  job: JobContext,
  step: StepContext,
): Promise<number> {
  const { signal } = step
  const engine = deps.engines.get(record.engine)
  const login = await loginOf(deps.secrets, record)
  const codec = codecOfPath(input.path)
  const bulk = await host.bulk(signal)
  try {
    const made = await dumpDatabase(
      {
        bulk,
        codecs: deps.codecs,
        clock: deps.clock,
        openSession: async (over) => {
          const stream = await host.forward(portOf(record), over)
          return engine.backup.openSession({ ...login, stream, timeoutMs: loginMs }, over)
        },
      },
      {
        engine,
        codec,
        key: null,
        source: engine.backup.beside(login),
        name: `quayside-export-${job.id}`,
        labels: taskLabels(job.id, record.id),
        imageId,
        containerId,
      },
      {
        destination: {
          put: (path, content, options) =>
            deps.files.writePart({ path, jobId: job.id }, content, options.signal),
        },
        nameOf: (made) => {
          if (made === codec) return input.path
          throw new QuaysideError('backup_failed', `This computer can’t compress by ${codec}.`, {
            hint: 'Give the file another ending: .dump, .dump.gz.',
          })
        },
      },
      {
        signal,
        onFlow: ({ bytes, bytesPerSecond }) => step.progress({ bytes, bytesPerSecond }),
      },
    )
    step.fact(`${formatBytes(made.plain.bytes)} dumped, ${formatBytes(made.stored.bytes)} written`)
    return made.stored.bytes
  } finally {
    await bulk.close()
  }
}

/** How a file is compressed whose name ends so. */
function codecOfPath(path: string): Codec {
  const codecs: Readonly<Record<string, Codec>> = { gz: 'gzip', zst: 'zstd', lz4: 'lz4' }
  return codecs[/\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? ''] ?? 'none'
}
