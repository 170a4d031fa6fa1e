import * as z from 'zod'
import { destinationIdSchema } from '../../../shared/contract/destinations.ts'
import { backupIdSchema } from '../../../shared/contract/backups.ts'
import { databaseIdSchema } from '../../../shared/contract/databases.ts'
import { hostIdSchema } from '../../../shared/contract/hosts.ts'
import { jobIdSchema } from '../../../shared/contract/jobs.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import { hostOf, recordOf } from '../databases/database-job.ts'
import { loginMs, passwordOf, portOf } from '../databases/server.ts'
import {
  undo,
  type JobContext,
  type JobDefinition,
  type StepContext,
} from '../jobs/job-definition.ts'
import { jobAboutSchema } from '../jobs/job-view.ts'
import type { Bulk } from '../ports.ts'
import {
  createBackupSchema,
  jobLabel,
  taskLabels,
  withDestination,
  type BackupJobDeps,
  type CreateBackupInput,
} from './backup-job.ts'
import { backupPlace, removeManifest, removeUnfinished } from './backup-place.ts'
import { describeBackup, putCompanion, unsealedSchema, type Unsealed } from './describe-backup.ts'
import { dumpDatabase, type StoredDump } from './dump-database.ts'
import { encryptionKey } from './encryption-key.ts'
import { keepCopy } from './keep-copy.ts'
import { besideServer, running, type ServerUp } from './server-up.ts'
import type { Destination } from '../../destinations/destination.ts'
import type { BackupKey } from './stream/cipher-format.ts'

/** What an undo needs to take away exactly what this backup left, here and there. */
const leftSchema = z.object({
  jobId: jobIdSchema,
  backupId: backupIdSchema,
  destinationId: destinationIdSchema,
  databaseId: databaseIdSchema,
  hostId: hostIdSchema,
  container: z.string(),
  madeAt: z.int(),
  about: jobAboutSchema.shape.about,
})

/** Makes a backup of a database at one destination: whole, with its manifest, or not at all. */
export function createBackupJob(deps: BackupJobDeps): JobDefinition<CreateBackupInput> {
  return {
    kind: 'create-backup',
    heavy: true,
    input: createBackupSchema,
    cancellable: true,
    steps: ({ databaseName }) => [
      { name: 'look', title: `Look at ${databaseName} and the destination` },
      { name: 'dump', title: 'Dump, check and store' },
      { name: 'manifest', title: 'Write the manifest' },
    ],
    run: async (input, job) => {
      const { followers: _, codec: __, encrypt: ___, databaseName: ____, ...rest } = input
      const { containerName: container } = recordOf(deps, input)
      const left = { ...rest, jobId: job.id, container }
      await job.effect({ name: 'look', run: (step) => look(deps, input, step) })
      const described = await job.step({
        name: 'dump',
        output: unsealedSchema,
        undo: { name: 'remove-objects', input: left },
        run: (step) => dump(deps, input, job, step),
      })
      await job.effect({
        name: 'manifest',
        undo: { name: 'remove-manifest', input: left },
        run: async (step) => {
          await withDestination(deps, input.destinationId, async (destination) => {
            const made = { described, madeHere: true }
            await keepCopy(deps, destination, input.destinationId, made, step.signal)
          })
          deps.stores.transaction(() => {
            deps.stores.audit.append({
              at: deps.clock.now(),
              action: 'backups.create',
              subject: input.databaseName,
              outcome: 'done',
              facts: { host: input.about.hostName, object: described.object.name },
            })
            deps.follow.made(input)
          })
        },
      })
    },
    undo: {
      'remove-objects': undo(leftSchema, async (left, signal) => {
        const host = await hostOf(deps, left, signal)
        await host.docker().removeTasks(jobLabel(left.jobId), { signal })
        await withDestination(deps, left.destinationId, (destination) =>
          removeUnfinished(destination, backupPlace(left), signal),
        )
      }),
      'remove-manifest': undo(leftSchema, async (left, signal) => {
        await withDestination(deps, left.destinationId, (destination) =>
          removeManifest(destination, backupPlace(left), left.backupId, signal),
        )
        deps.stores.backups.remove(left.backupId, left.destinationId)
      }),
    },
  }
}

/** Finds what would make the dump fail, before it costs the host anything. */
async function look(
  deps: BackupJobDeps,
  input: CreateBackupInput,
  step: StepContext,
): Promise<void> {
  const { signal } = step
  const host = await hostOf(deps, input, signal)
  await running(deps, input, host, { signal, start: false })
  await withDestination(deps, input.destinationId, async (destination) => {
    if (input.encrypt) await encryptionKey(deps, destination, input.destinationId, signal)
    // A listing, so that a destination that is away is told before the dump and not after it.
    else await destination.stat(backupPlace(placed(deps, input)).manifest, { signal })
  })
  step.fact(input.encrypt ? 'Encrypted with the destination’s key' : 'Not encrypted')
}

async function dump(
  deps: BackupJobDeps,
  input: CreateBackupInput,
  job: JobContext,
  step: StepContext,
): Promise<Unsealed> {
  const { signal } = step
  // What a try that was cut has left may hold locks that the next one waits for.
  const host = await hostOf(deps, input, signal)
  await host.docker().removeTasks(jobLabel(job.id), { signal })
  return besideServer(deps, input, { signal, start: false }, (server) =>
    dumpBeside(deps, input, server, job, step),
  )
}

async function dumpBeside(
  deps: BackupJobDeps,
  input: CreateBackupInput,
  server: ServerUp,
  job: JobContext,
  step: StepContext,
): Promise<Unsealed> {
  const { signal } = step
  const bulk = await server.host.bulk(signal)
  try {
    return await withDestination(deps, input.destinationId, async (destination) => {
      const { record } = server
      const place = backupPlace(placed(deps, input))
      await removeUnfinished(destination, place, signal)
      const key = input.encrypt
        ? await encryptionKey(deps, destination, input.destinationId, signal)
        : null
      const made = await dumpTo(deps, input, { ...server, bulk, destination, key, job, step })
      const names = place.named({ codec: made.codec, encrypted: key !== null })
      const roles = await putCompanion(destination, names.roles, made, key, { deps, signal })
      const { plainBytes } = made.report
      step.fact(`${formatBytes(plainBytes)} dumped, ${formatBytes(made.stored.bytes)} stored`)
      return describeBackup({
        ...{ input, record, made, names, key, roles },
        imageId: server.imageId,
        version: deps.version,
      })
    })
  } finally {
    await bulk.close()
  }
}

interface DumpTo extends ServerUp {
  bulk: Bulk
  destination: Destination
  key: BackupKey | null
  job: JobContext
  step: StepContext
}

async function dumpTo(
  deps: BackupJobDeps,
  input: CreateBackupInput,
  to: DumpTo,
): Promise<StoredDump> {
  const { record } = to
  const engine = deps.engines.get(record.engine)
  const password = await passwordOf(deps.secrets, record)
  const login = { user: record.user, password, database: record.database }
  const place = backupPlace(placed(deps, input))
  return dumpDatabase(
    {
      bulk: to.bulk,
      codecs: deps.codecs,
      clock: deps.clock,
      openSession: async (over) => {
        const stream = await to.host.forward(portOf(record), over)
        return engine.backup.openSession({ ...login, stream, timeoutMs: loginMs }, over)
      },
    },
    {
      engine,
      source: engine.backup.beside(login),
      codec: input.codec,
      name: `quayside-backup-${to.job.id}`,
      labels: taskLabels(to.job.id, record.id),
      imageId: to.imageId,
      containerId: to.containerId,
      key: to.key,
    },
    {
      destination: to.destination,
      nameOf: (codec) => place.named({ codec, encrypted: to.key !== null }).dump,
    },
    {
      signal: to.step.signal,
      onFlow: ({ bytes, bytesPerSecond }) => to.step.progress({ bytes, bytesPerSecond }),
    },
  )
}

function placed(
  deps: BackupJobDeps,
  input: CreateBackupInput,
): { container: string; databaseId: string; madeAt: number } {
  const { containerName: container, id: databaseId } = recordOf(deps, input)
  return { container, databaseId, madeAt: input.madeAt }
}
