import * as z from 'zod'
import type { Destination } from '../../destinations/destination.ts'
import { backupFolder } from '../../../shared/backup-names.ts'
import { backupIdSchema, type BackupId } from '../../../shared/contract/backups.ts'
import { databaseIdSchema } from '../../../shared/contract/databases.ts'
import { destinationIdSchema } from '../../../shared/contract/destinations.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import { jobKinds } from '../../../shared/job-kinds.ts'
import type { JobDefinition, StepContext } from '../jobs/job-definition.ts'
import { jobAboutSchema } from '../jobs/job-view.ts'
import type { CopyRecord, DatabaseRecord } from '../ports.ts'
import { withDestination, type BackupJobDeps } from './backup-job.ts'
import { later } from './backups.ts'
import type { ClockWatch } from './clock-watch.ts'
import { removeGarbage } from './garbage.ts'
import { takeAway, usesNow } from './remove-copy.ts'
import type { RetentionHold } from './retention.ts'
import { decideFor, type CopiesDecision } from './retention-view.ts'
import { scanDestination } from './scan-destination.ts'
import { schedulesFor } from './schedule-scope.ts'
import { namesOf } from './view-backup.ts'

export const applyRetentionSchema = z.object({
  databaseId: databaseIdSchema,
  databaseName: z.string(),
  destinationId: destinationIdSchema,
  about: jobAboutSchema.shape.about,
})
export type ApplyRetentionInput = z.infer<typeof applyRetentionSchema>

/**
 * Written down before the first one goes: no later try takes more than what was decided, and told, at
 * first. Whether that still goes is decided anew by each later one.
 */
const decidedSchema = z.array(backupIdSchema)

/** Copies that have to be read are so a few at a time: each is a transfer. */
const readAtOnce = 2

type RetentionDeps = BackupJobDeps & { clockWatch: Pick<ClockWatch, 'jumped'> }

/**
 * Removes the copies of one database at one destination that no schedule keeps any more, and what was
 * left behind there by backups that never came to be. Nothing goes before the whole listing was seen.
 */
export function applyRetentionJob(deps: RetentionDeps): JobDefinition<ApplyRetentionInput> {
  return {
    kind: 'apply-retention',
    input: applyRetentionSchema,
    cancellable: true,
    steps: () => [
      { name: 'look', title: 'Look at what lies there and what the schedules keep' },
      { name: 'remove', title: 'Remove what is no longer kept' },
      { name: 'tidy', title: 'Take away leftovers' },
    ],
    run: async (input, job) => {
      let fresh: Decision | null = null
      const decided = await job.step({
        name: 'look',
        output: decidedSchema,
        run: async (step) => {
          fresh = await decide(deps, input, step.signal)
          return told(deps, fresh, step)
        },
      })
      await job.effect({
        name: 'remove',
        run: async (step) => {
          if (decided.length === 0) return
          // A later try runs without the look, maybe weeks after it.
          const now = fresh ?? (await decide(deps, input, step.signal))
          await remove(deps, input, { decided, now }, step)
        },
      })
      await job.effect({
        name: 'tidy',
        run: (step) => tidy(deps, input, step),
      })
    },
    undo: {},
  }
}

/** What goes, or in words why nothing is decided. */
type Decision = CopiesDecision | string

/** Says what was decided, and has read what must be read before it counts. */
function told(
  deps: RetentionDeps,
  decision: Decision,
  step: StepContext,
): z.infer<typeof decidedSchema> {
  if (typeof decision === 'string') {
    step.fact(decision)
    return []
  }
  step.fact(inWords(decision))
  const useOf = usesNow(deps)
  const forgotten = decision.unread.filter((copy) => !useOf(copy).inUse)
  for (const copy of forgotten.slice(0, readAtOnce)) deps.follow.made(later(copy, []))
  return decision.remove.map(({ backupId }) => backupId)
}

/** By what lies there and by the schedules as they are now. */
async function decide(
  deps: RetentionDeps,
  input: ApplyRetentionInput,
  signal: AbortSignal,
): Promise<Decision> {
  const record = deps.stores.databases.get(input.databaseId)
  if (record !== null) {
    await withDestination(deps, input.destinationId, (destination) =>
      scanDestination(deps.stores, destination, input.destinationId, signal, folderOf(record)),
    )
    deps.publish({ type: 'changed', topic: 'backups' })
  }
  return decideOf(deps, input, copiesOf(deps, input))
}

function decideOf(
  deps: RetentionDeps,
  input: ApplyRetentionInput,
  copies: readonly CopyRecord[],
): Decision {
  const { stores, clock } = deps
  const record = stores.databases.get(input.databaseId)
  if (record === null) return 'The database is gone: its backups stay'
  // As they are now: a schedule may have been changed since this was enqueued.
  const schedules = schedulesFor(stores.schedules.list(), record, input.destinationId)
  if (schedules.length === 0) return 'No schedule is on for it: all stays'
  return decideFor(
    copies,
    schedules.map(({ plan }) => plan),
    {
      now: clock.now(),
      clockJumped: deps.clockWatch.jumped(),
      useOf: usesNow(deps),
    },
  )
}

async function remove(
  deps: RetentionDeps,
  input: ApplyRetentionInput,
  { decided, now }: { decided: z.infer<typeof decidedSchema>; now: Decision },
  step: StepContext,
): Promise<void> {
  const { stores } = deps
  const goes = typeof now === 'string' ? [] : now.remove
  const seen = typeof now === 'string' ? [] : [...now.remove, ...now.keep]
  // One by one: what is to stay in its place may have been found damaged meanwhile, or be on trial.
  const goesStill = (id: BackupId): boolean => {
    const later = decideOf(deps, input, asTheyAreNow(deps, input, seen))
    return typeof later !== 'string' && later.remove.some(({ backupId }) => backupId === id)
  }
  let bytes = 0
  const removed: string[] = []
  const stayed: string[] = []
  for (const copy of goes.filter(({ backupId }) => decided.includes(backupId))) {
    step.signal.throwIfAborted()
    // Taken away by someone.
    if (stores.backups.get(copy.backupId, input.destinationId) === null) continue
    const name = namesOf(copy.manifest).dump
    try {
      await takeAway(deps, copy, step.signal, () => goesStill(copy.backupId))
    } catch (thrown) {
      if (!(thrown instanceof QuaysideError) || thrown.code !== 'busy') throw thrown
      stayed.push(name)
      continue
    }
    bytes += copy.storedBytes
    removed.push(name)
    stores.audit.append({
      action: 'retention.remove',
      subject: input.databaseName,
      facts: { object: name, destination: input.destinationId, why: 'no schedule keeps it' },
    })
  }
  const spared = decided.filter(
    (id) =>
      !goes.some(({ backupId }) => backupId === id) &&
      stores.backups.get(id, input.destinationId) !== null,
  ).length
  if (removed.length + stayed.length + spared === 0) return
  step.fact(
    [
      ...(spared === 0 ? [] : [`${spared === 1 ? '1 stays' : `${spared} stay`} after all`]),
      ...(removed.length === 0 ? [] : [`${removed.join(', ')} removed, ${formatBytes(bytes)}`]),
      ...(stayed.length === 0 ? [] : [`${stayed.join(', ')} needed for now, for the next time`]),
    ].join('; '),
  )
}

/** Copies that were read before, without their manifests being read again, which are large. */
function asTheyAreNow(
  { stores }: RetentionDeps,
  { destinationId }: ApplyRetentionInput,
  copies: readonly CopyRecord[],
): CopyRecord[] {
  const heads = new Map(stores.backups.at(destinationId).map((head) => [head.backupId, head]))
  return copies.flatMap((copy) => {
    const head = heads.get(copy.backupId)
    return head === undefined ? [] : [{ ...copy, ...head }]
  })
}

async function tidy(
  deps: RetentionDeps,
  input: ApplyRetentionInput,
  step: StepContext,
): Promise<void> {
  const record = deps.stores.databases.get(input.databaseId)
  if (record === null || isWrittenTo(deps, input)) return
  const removed = await withDestination(deps, input.destinationId, (destination: Destination) =>
    removeGarbage(destination, folderOf(record), deps.clock.now(), step.signal),
  )
  if (removed > 0) step.fact(removed === 1 ? '1 leftover' : `${removed} leftovers`)
}

/** Whether a backup of it is being made or copied, here or elsewhere: its objects come before its manifest. */
function isWrittenTo({ stores }: RetentionDeps, { databaseId }: ApplyRetentionInput): boolean {
  return stores.jobs
    .active()
    .some(
      (job) =>
        job.databaseId === databaseId &&
        job.startedAt !== null &&
        (job.kind === jobKinds.createBackup || job.kind === jobKinds.copyBackup),
    )
}

/** The copies of one database there. */
function copiesOf(
  { stores }: Pick<BackupJobDeps, 'stores'>,
  { databaseId, destinationId }: ApplyRetentionInput,
): CopyRecord[] {
  return stores.backups
    .ofDatabase(databaseId)
    .filter((copy) => copy.destinationId === destinationId)
}

function folderOf({ id, containerName }: DatabaseRecord): string {
  return backupFolder({ container: containerName, databaseId: id })
}

const holds: Readonly<Record<RetentionHold, string>> = {
  'listing-incomplete': 'The list did not come to its end: nothing is removed',
  'nothing-listed': 'Nothing was found there: nothing is removed',
  clock: 'This computer’s clock jumped: nothing is removed until it can be relied on',
  'nothing-verified': 'No backup there has been read back: nothing is removed',
}

function inWords({ remove, keep, unread, hold }: CopiesDecision): string {
  if (hold !== null) return holds[hold]
  const stay = keep.length === 1 ? '1 stays' : `${keep.length} stay`
  const fresh = unread.filter(({ problem }) => problem === null).length
  const go = remove.length === 1 ? '1 goes' : `${remove.length} go`
  return [
    remove.length === 0 ? stay : `${stay}, ${go}`,
    ...(fresh === 0 ? [] : [`${fresh} of them never read back`]),
    ...(fresh === unread.length
      ? []
      : [`${unread.length - fresh} of them damaged by what one read says, read again`]),
  ].join(', ')
}
