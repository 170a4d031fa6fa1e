import * as z from 'zod'
import { backupIdSchema } from '../../../shared/contract/backups.ts'
import { destinationIdSchema } from '../../../shared/contract/destinations.ts'
import { jobIdSchema, type JobId } from '../../../shared/contract/jobs.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import {
  databaseJobSchema,
  hostOf,
  recordOf,
  type DatabaseJobInput,
} from '../databases/database-job.ts'
import { loginMs, loginOf, portOf } from '../databases/server.ts'
import { undo, type JobDefinition } from '../jobs/job-definition.ts'
import { copyOf, createBackupSchema, jobLabel, type BackupJobDeps } from './backup-job.ts'
import { createBackupJob } from './create-backup.ts'
import { fillDatabase, importerOf, withServer } from './fill-database.ts'
import { majorOf, openCopy } from './open-copy.ts'
import { noteRestored } from './note-restored.ts'
import { compareWith } from './restore-backup.ts'
import { restoringName } from './restore-names.ts'
import { besideServer } from './server-up.ts'
import { verifyCopyJob } from './verify-copy.ts'

const restoreInPlaceSchema = databaseJobSchema.extend({
  backupId: backupIdSchema,
  destinationId: destinationIdSchema,
  /** The name that the logical database gets whose place is taken. */
  keepAs: z.string(),
  /** What is made of it before. */
  safety: createBackupSchema,
})
export type RestoreInPlaceInput = z.infer<typeof restoreInPlaceSchema>

const filledSchema = databaseJobSchema.extend({
  jobId: jobIdSchema,
  filled: z.string(),
  live: z.string(),
  keepAs: z.string(),
  /** Whom the dump names as its owner. */
  owner: z.string().optional(),
  /** Those of the live one that are enabled. */
  subscriptions: z.array(z.string()).default([]),
})

const seenSchema = filledSchema.pick({ subscriptions: true })

/**
 * Restores a copy in the place of an existing database: after a safety backup that was read back, a new
 * logical database in the same server is filled and compared, and takes the name of the old one, which
 * stays under another name. Until then the old one is not touched.
 */
export function restoreInPlaceJob(deps: BackupJobDeps): JobDefinition<RestoreInPlaceInput> {
  // The safety backup is read back here; nothing else is to follow it.
  const alone = { ...deps, follow: { made: () => undefined, verified: () => undefined } }
  const safety = createBackupJob(alone)
  const verify = verifyCopyJob(alone)

  return {
    kind: 'restore-in-place',
    heavy: true,
    input: restoreInPlaceSchema,
    cancellable: true,
    steps: (input) => [
      { name: 'open', title: 'Open the backup and look at the server' },
      ...[...safety.steps(input.safety), ...verify.steps(input.safety)].map((step) => ({
        ...step,
        title: `Safety backup: ${step.title}`,
      })),
      { name: 'restore', title: 'Check and restore beside the old data' },
      { name: 'compare', title: 'Count the rows and compare' },
      { name: 'swap', title: 'Put it in the place of the old data' },
    ],

    run: async (input, job) => {
      const { databaseId, hostId, about, keepAs } = input
      const made = { databaseId, hostId, about }
      const live = recordOf(deps, made).database
      const filled = restoringName(live, job.id)
      const { user: owner } = copyOf(deps, input).manifest.database
      const names = { ...made, jobId: job.id, filled, live, keepAs, owner }

      const { subscriptions } = await job.step({
        name: 'open',
        output: seenSchema,
        run: async (step) => {
          await refuseOlderServer(deps, input, step.signal)
          await openCopy(deps, input, step)
          const within = { database: live, signal: step.signal, start: false }
          return withServer(deps, made, within, (session) => session.replication())
        },
      })

      await safety.run(input.safety, job)
      await verify.run(input.safety, job)

      await job.effect({
        name: 'restore',
        undo: { name: 'drop-filled', input: names },
        run: async (step) => {
          const target = { ...made, logicalName: filled, jobId: job.id, roleMark: markOf(job.id) }
          await fillDatabase(deps, copyOf(deps, input), target, step)
        },
      })

      await job.effect({
        name: 'compare',
        run: async (step) => {
          const target = { ...made, logicalName: filled, jobId: job.id }
          await compareWith(deps, copyOf(deps, input), target, step)
        },
      })

      await job.effect({
        name: 'swap',
        undo: { name: 'swap-back', input: { ...names, subscriptions } },
        run: async (step) => {
          const there = await databasesOf(deps, made, step.signal)
          if (isToSwap(there, { filled, keepAs })) {
            await swap(deps, made, { filled, live, keepAs }, step.signal)
          }
          // The old data would go on taking in what the publisher holds ready for the restored.
          await setSubscriptions(
            deps,
            made,
            { database: keepAs, subscriptions },
            false,
            step.signal,
          )
          deps.stores.transaction(() =>
            noteRestored(deps, input, {
              action: 'restores.start',
              target: recordOf(deps, made).name,
              hostName: about.hostName,
            }),
          )
          deps.publish({ type: 'changed', topic: 'backups' })
          step.fact(
            `The data before it is kept as “${keepAs}”; DROP DATABASE ${keepAs} frees its room`,
          )
        },
      })
    },

    undo: {
      ...safety.undo,
      ...verify.undo,
      'drop-filled': undo(
        filledSchema,
        async ({ jobId, filled, owner, ...made }, signal, { fact }) => {
          const docker = (await hostOf(deps, made, signal)).docker()
          await docker.removeTasks(jobLabel(jobId), { signal })
          const stay = await dropFilled(deps, made, { jobId, filled, owner }, signal)
          if (stay.length > 0)
            fact(`${listOf(stay)}: made for this restore, and in use; not dropped`)
        },
      ),
      'swap-back': undo(
        filledSchema,
        async ({ filled, live, keepAs, subscriptions, ...made }, signal) => {
          const there = await databasesOf(deps, made, signal)
          if (!there.includes(filled)) {
            if (!there.includes(keepAs)) return
            await swap(deps, made, { filled: keepAs, live, keepAs: filled }, signal)
          }
          await setSubscriptions(deps, made, { database: live, subscriptions }, true, signal)
        },
      ),
    },
  }
}

/** @throws QuaysideError `restore_failed` where the server is older than the one that was dumped */
async function refuseOlderServer(
  deps: BackupJobDeps,
  input: RestoreInPlaceInput,
  signal: AbortSignal,
): Promise<void> {
  const { manifest } = copyOf(deps, input)
  const within = { signal, start: false }
  const { serverVersion } = await withServer(deps, input, within, (session) => session.database())
  if (isOlder(serverVersion, manifest.database.serverVersion)) {
    throw olderServer(recordOf(deps, input).name, serverVersion, manifest.database.serverVersion)
  }
}

/** Whether a server's major version is below another's; false where they say nothing comparable. */
export function isOlder(version: string, than: string): boolean {
  return Number(majorOf(version)) < Number(majorOf(than))
}

export function olderServer(name: string, version: string, dumped: string): QuaysideError {
  return new QuaysideError('restore_failed', `${name} has a version older than the backup’s.`, {
    hint: 'Restore it as a new database, or in the place of one of that version or a newer one.',
    detail: `version ${version}, the backup is of ${dumped}`,
  })
}

/**
 * Whether the restored data has yet to take the place of the old. Where a try was killed just behind that,
 * it has: then the old data is there under its other name.
 * @param there the names of the server's logical databases
 * @throws QuaysideError `restore_failed` where neither is there: somebody has dropped what was restored
 */
export function isToSwap(
  there: readonly string[],
  { filled, keepAs }: { filled: string; keepAs: string },
): boolean {
  if (there.includes(filled)) return true
  if (there.includes(keepAs)) return false
  throw new QuaysideError(
    'restore_failed',
    'The restored data was dropped before it took the place of the old.',
    {
      hint: 'The old data is as it was. Start the restore again, and leave its database alone until it is done.',
      detail: `the server has no database ${filled}`,
    },
  )
}

async function databasesOf(
  deps: BackupJobDeps,
  target: DatabaseJobInput,
  signal: AbortSignal,
): Promise<string[]> {
  return withServer(deps, target, { signal }, (session) => session.listDatabases())
}

/** As a comment on a role, made with it: a crash can't come between, and no other role has it. */
function markOf(jobId: JobId): string {
  return `Made by Quayside for a restore (job ${jobId})`
}

function listOf(roles: readonly string[]): string {
  return `${roles.length === 1 ? 'Role' : 'Roles'} ${roles.map((role) => `“${role}”`).join(', ')}`
}

/** @returns the roles made for it that are in use by now, and stay */
function dropFilled(
  deps: BackupJobDeps,
  target: DatabaseJobInput,
  { jobId, filled, owner }: { jobId: JobId; filled: string; owner: string | undefined },
  signal: AbortSignal,
): Promise<string[]> {
  return withServer(deps, target, { signal }, async (session) => {
    await session.dropDatabase(filled)
    await session.dropImporter(importerOf(jobId))
    if (owner !== undefined) await session.dropStandIn(owner)
    return session.dropRoles(markOf(jobId))
  })
}

async function setSubscriptions(
  deps: BackupJobDeps,
  target: DatabaseJobInput,
  { database, subscriptions }: { database: string; subscriptions: readonly string[] },
  enabled: boolean,
  signal: AbortSignal,
): Promise<void> {
  if (subscriptions.length === 0) return
  await withServer(deps, target, { database, signal }, (session) =>
    session.setSubscriptions(subscriptions, enabled),
  )
}

async function swap(
  deps: BackupJobDeps,
  target: DatabaseJobInput,
  names: { filled: string; live: string; keepAs: string },
  signal: AbortSignal,
): Promise<void> {
  await besideServer(deps, target, { signal, start: true }, async ({ host, record }) => {
    const { backup } = deps.engines.get(record.engine)
    const login = await loginOf(deps.secrets, record)
    await backup.swap(
      async () => ({
        ...login,
        stream: await host.forward(portOf(record), signal),
        database: backup.maintenanceFor(record.database),
        timeoutMs: loginMs,
      }),
      names,
      signal,
    )
  })
}
