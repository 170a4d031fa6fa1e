import * as z from 'zod'
import { backupIdSchema } from '../../../shared/contract/backups.ts'
import { destinationIdSchema } from '../../../shared/contract/destinations.ts'
import { jobIdSchema, type JobId } from '../../../shared/contract/jobs.ts'
import { testRestoreRoom } from '../../../shared/test-restore-room.ts'
import { jobKinds } from '../../../shared/job-kinds.ts'
import { databaseJobSchema, hostOf, type DatabaseJobInput } from '../databases/database-job.ts'
import { pullImage } from '../databases/pull-image.ts'
import { undo, type JobDefinition, type StepContext } from '../jobs/job-definition.ts'
import { copyOf, jobLabel, type BackupJobDeps } from './backup-job.ts'
import { compareRows } from './compare-rows.ts'
import { countAsImporter, fillServer, inSession } from './fill-database.ts'
import { noteRestored } from './note-restored.ts'
import { identityOf, imageOf, isForeign, openCopy, versionOf } from './open-copy.ts'
import { withThrowAwayServer } from './throw-away-server.ts'

const testRestoreSchema = databaseJobSchema.extend({
  backupId: backupIdSchema,
  destinationId: destinationIdSchema,
  databaseName: z.string(),
})
export type TestRestoreInput = z.infer<typeof testRestoreSchema>

const leftSchema = databaseJobSchema.extend({ jobId: jobIdSchema })

/** What was left out of one that nobody vouches for. */
const unvouched = 'owners and grants were left out, as nothing proves where it comes from'
/** What is removed at once after a failure may take that long, milliseconds. */
const removeMs = 20_000

/**
 * Proves a copy: restores it into a server made for that alone and compares its rows. Its database need
 * not be there; where it is, it is not touched. Of the server nothing stays. All that needs its password
 * is one step, so that the password is never written down.
 */
export function testRestoreJob(deps: BackupJobDeps): JobDefinition<TestRestoreInput> {
  return {
    kind: jobKinds.testRestore,
    heavy: true,
    input: testRestoreSchema,
    cancellable: true,
    steps: ({ about }) => [
      { name: 'open', title: 'Open the backup' },
      { name: 'pull', title: `Have the server’s image on ${about.hostName}` },
      { name: 'restore', title: 'Restore into a throw-away container and count the rows' },
      { name: 'remove', title: 'Remove the container and its data' },
    ],

    run: async (input, job) => {
      const { databaseId, hostId, about } = input
      const left = { databaseId, hostId, about, jobId: job.id }
      await job.effect({ name: 'open', run: (step) => openCopy(deps, input, step) })
      await job.effect({ name: 'pull', run: (step) => pull(deps, input, step) })
      await job.effect({
        name: 'restore',
        undo: { name: 'remove-all', input: left },
        run: async (step) => {
          await removeAll(deps, left, step.signal)
          try {
            step.fact(await restore(deps, input, job.id, step))
          } catch (thrown) {
            // Not only when it is tried or taken back, which may be much later. The reason counts.
            await removeAll(deps, left, AbortSignal.timeout(removeMs)).catch(() => undefined)
            throw thrown
          }
        },
      })
      await job.effect({
        name: 'remove',
        run: async (step) => {
          await removeAll(deps, left, step.signal)
          const { databaseName: target } = input
          deps.stores.transaction(() =>
            noteRestored(deps, input, {
              action: 'backups.testRestore',
              target,
              hostName: about.hostName,
            }),
          )
          deps.publish({ type: 'changed', topic: 'backups' })
        },
      })
    },

    undo: {
      'remove-all': undo(leftSchema, (left, signal) => removeAll(deps, left, signal)),
    },
  }
}

/** The image that its own server would have; the one that a manifest names is never run for its own sake. */
async function pull(
  deps: BackupJobDeps,
  input: TestRestoreInput,
  step: StepContext,
): Promise<void> {
  const { manifest } = copyOf(deps, input)
  const engine = deps.engines.get(manifest.database.engine)
  const image = imageOf(engine, versionOf(engine, manifest))
  const host = await hostOf(deps, input, step.signal)
  await pullImage(host.docker(), image, step)
}

/** @returns what was compared, as a sentence */
async function restore(
  deps: BackupJobDeps,
  input: TestRestoreInput,
  jobId: JobId,
  step: StepContext,
): Promise<string> {
  const { signal } = step
  const copy = copyOf(deps, input)
  const { manifest } = copy
  const engine = deps.engines.get(manifest.database.engine)
  const { user, database: logicalName } = identityOf(engine, copy)
  const host = await hostOf(deps, input, signal)
  const bulk = await host.bulk(signal)
  try {
    step.progress({ text: 'Starting a throw-away server' })
    return await withThrowAwayServer(
      { bulk, clock: deps.clock, signal },
      {
        jobId,
        databaseId: input.databaseId,
        engine,
        user,
        database: logicalName,
        version: versionOf(engine, manifest),
        // The rest is for the dump.
        dataRoom: testRestoreRoom - 1,
      },
      async (server) => {
        const target = { jobId, databaseId: input.databaseId, logicalName }
        await fillServer(deps, copy, target, { server, bulk, step })
        step.progress({ text: 'Counting the rows' })
        if (!isForeign(copy)) {
          const rows = await inSession(server, logicalName, signal, (session) => session.tables())
          return compareRows(rows, manifest.tables)
        }
        const rows = await countAsImporter(server, target, signal)
        return `${compareRows(rows, manifest.tables)}; ${unvouched}`
      },
    )
  } finally {
    await bulk.close()
  }
}

/** All that bears the job's label: the server, its data and what worked beside it. */
async function removeAll(
  deps: BackupJobDeps,
  { jobId, ...database }: DatabaseJobInput & { jobId: JobId },
  signal: AbortSignal,
): Promise<void> {
  const docker = (await hostOf(deps, database, signal)).docker()
  await docker.removeTasks(jobLabel(jobId), { signal })
}
