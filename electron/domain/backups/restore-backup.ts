import * as z from 'zod'
import { backupIdSchema } from '../../../shared/contract/backups.ts'
import { destinationIdSchema } from '../../../shared/contract/destinations.ts'
import { jobIdSchema } from '../../../shared/contract/jobs.ts'
import { becomeUsable, createDatabaseJob, createJobSchema } from '../databases/create-database.ts'
import { databaseJobSchema, hostOf, recordOf } from '../databases/database-job.ts'
import { requireContainer } from '../databases/server.ts'
import { undo, type JobDefinition, type StepContext } from '../jobs/job-definition.ts'
import { jobAboutSchema } from '../jobs/job-view.ts'
import type { CopyRecord } from '../ports.ts'
import { copyOf, jobLabel, type BackupJobDeps } from './backup-job.ts'
import { compareRows } from './compare-rows.ts'
import { countForeign, countRows, fillDatabase, ownedBy, type FillTarget } from './fill-database.ts'
import { noteRestored } from './note-restored.ts'
import { isForeign, openCopy } from './open-copy.ts'
import { fillQuickly } from './quick-fill.ts'

const restoreBackupSchema = z.object({
  backupId: backupIdSchema,
  destinationId: destinationIdSchema,
  /** The database that it becomes. */
  create: createJobSchema,
  about: jobAboutSchema.shape.about,
})
export type RestoreBackupInput = z.infer<typeof restoreBackupSchema>

const taskSchema = databaseJobSchema.extend({ jobId: jobIdSchema })

/**
 * Restores a copy of a backup into a new database: with all its rows, or there is no new database. The
 * one it was made of is left alone.
 */
export function restoreBackupJob(deps: BackupJobDeps): JobDefinition<RestoreBackupInput> {
  const { stores } = deps
  // It may not be used before its rows are in it.
  const create = createDatabaseJob(deps, { leaveCreating: true })

  return {
    kind: 'restore-backup',
    heavy: true,
    input: restoreBackupSchema,
    cancellable: true,
    steps: (input) => [
      { name: 'open', title: 'Open the backup' },
      ...create.steps(input.create),
      { name: 'restore', title: 'Check and restore' },
      { name: 'compare', title: 'Count the rows and compare' },
    ],
    prepare: (input) => create.prepare?.(input.create),
    forget: async (input) => create.forget?.(input.create),

    run: async (input, job) => {
      const { databaseId, hostId, about, database: logicalName } = input.create
      const made = { databaseId, hostId, about }

      await job.effect({
        name: 'open',
        undo: { name: 'forget', input: made },
        run: (step) => openCopy(deps, input, step),
      })

      await create.run(input.create, job)

      await job.effect({
        name: 'restore',
        undo: { name: 'end-task', input: { ...made, jobId: job.id } },
        run: async (step) => {
          const target = { ...made, logicalName, jobId: job.id }
          const copy = copyOf(deps, input)
          await fillQuickly(deps, made, copy.manifest.dump.plainBytes, step, () =>
            fillDatabase(deps, copy, target, step),
          )
        },
      })

      await job.effect({
        name: 'compare',
        run: async (step) => {
          await compareWith(
            deps,
            copyOf(deps, input),
            { ...made, logicalName, jobId: job.id },
            step,
          )
          const record = recordOf(deps, made)
          const docker = (await hostOf(deps, made, step.signal)).docker()
          const container = await requireContainer(docker, record, about.hostName, step.signal)
          stores.transaction(() => {
            becomeUsable(deps, input.create, container)
            noteRestored(deps, input, {
              action: 'restores.start',
              target: record.name,
              hostName: about.hostName,
            })
          })
          deps.publish({ type: 'changed', topic: 'backups' })
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

/** Counts the rows of what was filled with a copy, and compares. */
export async function compareWith(
  deps: BackupJobDeps,
  copy: CopyRecord,
  target: FillTarget,
  step: StepContext,
): Promise<void> {
  const { tables } = copy.manifest
  if (!isForeign(copy)) {
    step.fact(compareRows(await countRows(deps, target, step.signal), tables))
    return
  }
  const compared = compareRows(await countForeign(deps, target, step.signal), tables)
  step.fact(`${compared}; ${ownedBy(target.jobId)}`)
}
