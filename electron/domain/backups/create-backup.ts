import * as z from 'zod'
import { destinationIdSchema } from '../../../shared/contract/destinations.ts'
import { backupIdSchema } from '../../../shared/contract/backups.ts'
import { databaseIdSchema } from '../../../shared/contract/databases.ts'
import { hostIdSchema } from '../../../shared/contract/hosts.ts'
import { jobIdSchema } from '../../../shared/contract/jobs.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import { jobKinds } from '../../../shared/job-kinds.ts'
import { hostOf, recordOf } from '../databases/database-job.ts'
import { loginMs, loginOf, portOf } from '../databases/server.ts'
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
import { backupPlace, removeDump, removeManifest, type BackupPlace } from './backup-place.ts'
import { describeBackup, putCompanion, unsealedSchema, type Unsealed } from './describe-backup.ts'
import { dumpDatabase, type StoredDump } from './dump-database.ts'
import { otherDatabases, shrinkWarnings } from './dump-warnings.ts'
import { encryptionKey } from './encryption-key.ts'
import { inSession } from './fill-database.ts'
import { keepCopy } from './keep-copy.ts'
import { besideServer, running, type ServerUp } from './server-up.ts'
import type { Destination } from '../../destinations/destination.ts'
import type { BackupKey } from './stream/cipher-format.ts'

const dumpStep = 'dump'
const removeObjects = 'remove-objects'

/** What an undo needs to take away exactly what this backup left, here and there. */
const leftSchema = z.object({
  jobId: jobIdSchema,
  backupId: backupIdSchema,
  destinationId: destinationIdSchema,
  databaseId: databaseIdSchema,
  hostId: hostIdSchema,
  container: z.string(),
  /** Each try that began to dump has its moment, and with it names of its own. */
  tried: z.array(z.int()),
  about: jobAboutSchema.shape.about,
})
type Left = z.infer<typeof leftSchema>

/** Makes a backup of a database at one destination: whole, with its manifest, or not at all. */
export function createBackupJob(deps: BackupJobDeps): JobDefinition<CreateBackupInput> {
  return {
    kind: jobKinds.createBackup,
    heavy: true,
    input: createBackupSchema,
    cancellable: true,
    steps: ({ databaseName }) => [
      { name: 'look', title: `Look at ${databaseName} and the destination` },
      { name: dumpStep, title: 'Dump, check and store' },
      { name: 'manifest', title: 'Write the manifest' },
    ],
    run: async (input, job) => {
      const { backupId, destinationId, databaseId, hostId, about } = input
      const left: Left = {
        jobId: job.id,
        backupId,
        destinationId,
        databaseId,
        hostId,
        container: recordOf(deps, input).containerName,
        tried: triedBefore(deps, job),
        about,
      }
      await job.effect({ name: 'look', run: (step) => look(deps, input, step) })
      const described = await job.step({
        name: dumpStep,
        output: unsealedSchema,
        undo: { name: removeObjects, input: left },
        run: (step) => dump(deps, input, left, job, step),
      })
      await job.effect({
        name: 'manifest',
        undo: {
          name: 'remove-manifest',
          input: { ...left, tried: [Date.parse(described.createdAt)] },
        },
        run: async (step) => {
          await withDestination(deps, input.destinationId, async (destination) => {
            const made = { described, madeHere: true }
            await keepCopy(deps, destination, input.destinationId, made, step.signal)
          })
          deps.stores.transaction(() => {
            deps.stores.audit.append({
              action: 'backups.create',
              subject: input.databaseName,
              facts: { host: input.about.hostName, object: described.object.name },
            })
            deps.follow.made(input)
          })
        },
      })
    },
    undo: {
      [removeObjects]: undo(leftSchema, async (left, signal) => {
        const host = await hostOf(deps, left, signal)
        await host.docker().removeTasks(jobLabel(left.jobId), { signal })
        await withDestination(deps, left.destinationId, (destination) =>
          removeTried(destination, left, signal),
        )
      }),
      'remove-manifest': undo(leftSchema, async (left, signal) => {
        await withDestination(deps, left.destinationId, async (destination) => {
          for (const madeAt of left.tried) {
            const place = backupPlace({ ...left, madeAt })
            await removeManifest(destination, place, left.backupId, signal)
          }
        })
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
    // A look, so that a destination that is away is told before the dump and not after it.
    else await destination.stat(placeNow(deps, input).manifest, { signal })
  })
  step.fact(input.encrypt ? 'Encrypted with the destination’s key' : 'Not encrypted')
}

async function dump(
  deps: BackupJobDeps,
  input: CreateBackupInput,
  left: Left,
  job: JobContext,
  step: StepContext,
): Promise<Unsealed> {
  const { signal } = step
  // What a try that was cut has left may hold locks that the next one waits for.
  const host = await hostOf(deps, input, signal)
  await host.docker().removeTasks(jobLabel(job.id), { signal })
  return besideServer(deps, input, { signal, start: false }, (server) =>
    dumpBeside(deps, input, left, server, job, step),
  )
}

async function dumpBeside(
  deps: BackupJobDeps,
  input: CreateBackupInput,
  left: Left,
  server: ServerUp,
  job: JobContext,
  step: StepContext,
): Promise<Unsealed> {
  const { signal } = step
  const bulk = await server.host.bulk(signal)
  try {
    return await withDestination(deps, input.destinationId, async (destination) => {
      const { record } = server
      await removeTried(destination, left, signal)
      const key = input.encrypt
        ? await encryptionKey(deps, destination, input.destinationId, signal)
        : null
      // What comes now is the login and the snapshot: this is their moment.
      const place = await freePlace(deps, input, destination, signal)
      const { madeAt } = place
      deps.stores.jobs.updateStep(job.id, dumpStep, {
        undo: { name: removeObjects, input: { ...left, tried: [...left.tried, madeAt] } },
      })
      const made = await dumpTo(deps, input, {
        ...server,
        bulk,
        destination,
        place,
        key,
        job,
        step,
      })
      const others = await othersWithData(deps, server, made.allDatabases, signal)
      const names = place.named({ codec: made.codec, encrypted: key !== null })
      const roles = await putCompanion(destination, names.roles, made, key, { deps, signal })
      const warnings = warningsOf(deps, input, made, others)
      step.fact(factOf(made, warnings))
      return describeBackup({
        input,
        madeAt,
        record,
        made,
        warnings,
        names,
        key,
        roles,
        imageId: server.imageId,
        version: deps.version,
      })
    })
  } finally {
    await bulk.close()
  }
}

/**
 * The logical databases of the server but for the one that every server has to work on others from,
 * unless somebody keeps tables in that one.
 */
async function othersWithData(
  { engines, secrets }: Pick<BackupJobDeps, 'engines' | 'secrets'>,
  { host, record }: Pick<ServerUp, 'host' | 'record'>,
  all: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const engine = engines.get(record.engine)
  const maintenance = engine.backup.maintenanceFor(record.database)
  if (!all.includes(maintenance)) return all
  const { user, password, version } = await loginOf(secrets, record)
  const connect = (over: AbortSignal) => host.forward(portOf(record), over)
  const way = { engine, user, password, version, connect }
  const { tables } = await inSession(way, maintenance, signal, (session) => session.survey())
  return tables > 0 ? all : all.filter((each) => each !== maintenance)
}

/** What the tool said, and what makes one look twice at a dump that is whole. */
function warningsOf(
  { stores }: BackupJobDeps,
  { databaseId }: CreateBackupInput,
  { report, plain, tables, database }: StoredDump,
  others: readonly string[],
): string[] {
  const size = { plainBytes: plain.bytes, tables }
  return [
    ...report.warnings,
    ...shrinkWarnings(stores.backups.ofDatabase(databaseId), size),
    ...otherDatabases(others, database.name),
  ]
}

function factOf({ plain, stored }: StoredDump, warnings: readonly string[]): string {
  const sizes = `${formatBytes(plain.bytes)} dumped, ${formatBytes(stored.bytes)} stored`
  // A warning is a sentence, and a fact has no full stop at its end.
  return [sizes, ...warnings.map((one) => one.replace(/\.$/, ''))].join('. ')
}

interface DumpTo extends ServerUp {
  bulk: Bulk
  destination: Destination
  place: PlaceNow
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
  const login = await loginOf(deps.secrets, record)
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
      nameOf: (codec) => to.place.named({ codec, encrypted: to.key !== null }).dump,
      lastBytes: deps.stores.backups.ofDatabase(input.databaseId)[0]?.storedBytes ?? null,
    },
    {
      signal: to.step.signal,
      onFlow: ({ bytes, bytesPerSecond }) => to.step.progress({ bytes, bytesPerSecond }),
    },
  )
}

/** The moments of the tries before this one, as the undo of the step says them. */
function triedBefore({ stores }: BackupJobDeps, job: JobContext): number[] {
  const step = stores.jobs.steps(job.id).find(({ name }) => name === dumpStep)
  const left = leftSchema.safeParse(step?.undo?.input)
  return left.success ? left.data.tried : []
}

/** Takes away what those tries have stored. Where a manifest lies, it is somebody's backup. */
async function removeTried(
  destination: Destination,
  left: Left,
  signal: AbortSignal,
): Promise<void> {
  for (const madeAt of left.tried) {
    const place = backupPlace({ ...left, madeAt })
    if ((await destination.stat(place.manifest, { signal })) !== null) continue
    await removeDump(destination, place, signal)
  }
}

interface PlaceNow extends BackupPlace {
  madeAt: number
}

/** Where a backup lies that is made now. */
function placeNow(deps: BackupJobDeps, input: CreateBackupInput): PlaceNow {
  const { containerName: container, id: databaseId } = recordOf(deps, input)
  const madeAt = Math.floor(deps.clock.now() / 1000) * 1000
  return { ...backupPlace({ container, databaseId, madeAt }), madeAt }
}

/** As `placeNow`, in a second that no other backup of the database has: the names tell no less apart. */
async function freePlace(
  deps: BackupJobDeps,
  input: CreateBackupInput,
  destination: Destination,
  signal: AbortSignal,
): Promise<PlaceNow> {
  for (;;) {
    const place = placeNow(deps, input)
    const isTaken =
      deps.stores.backups
        .heads()
        .some((head) => head.databaseId === input.databaseId && head.madeAt === place.madeAt) ||
      (await destination.stat(place.manifest, { signal })) !== null
    if (!isTaken) return place
    await deps.clock.sleep(Math.max(0, place.madeAt + 1000 - deps.clock.now()), signal)
  }
}
