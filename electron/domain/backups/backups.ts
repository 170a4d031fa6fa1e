import { randomUUID } from 'node:crypto'
import { backupIdSchema, type BackupId } from '../../../shared/contract/backups.ts'
import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type { DestinationId } from '../../../shared/contract/destinations.ts'
import type { JobId } from '../../../shared/contract/jobs.ts'
import type { ScheduleId } from '../../../shared/contract/schedules.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Codec } from '../../../shared/backup-manifest.ts'
import { tellingKinds } from '../../../shared/job-kinds.ts'
import type { Service } from '../core.ts'
import { readyDatabase } from '../databases/ready-database.ts'
import type { JobDefinition } from '../jobs/job-definition.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { neverAborted } from '../never-aborted.ts'
import type { CopyRecord, HostRecord } from '../ports.ts'
import type { ApplyRetentionInput } from './apply-retention.ts'
import {
  copyOf,
  withDestination,
  type BackupJobDeps,
  type CreateBackupInput,
  type LaterCopies,
} from './backup-job.ts'
import type { CopyBackupInput } from './copy-backup.ts'
import type { DestinationLooks } from './destination-looks.ts'
import { freshnessOf } from './freshness.ts'
import { removeCopy } from './remove-copy.ts'
import { scanDestination } from './scan-destination.ts'
import type { TestRestoreInput } from './test-restore.ts'
import { testRestoreHost } from './test-restore-host.ts'
import { viewBackups, type ViewContext } from './view-backup.ts'

/** The kinds of job in a backup's life. */
export interface BackupJobs {
  create: JobDefinition<CreateBackupInput>
  verify: JobDefinition<LaterCopies>
  copy: JobDefinition<CopyBackupInput>
  test: JobDefinition<TestRestoreInput>
  retention: JobDefinition<ApplyRetentionInput>
}

interface BackupsDeps extends BackupJobDeps {
  jobs: Jobs
  looks: Pick<DestinationLooks, 'refresh' | 'looked' | 'list'>
  definitions: BackupJobs
}

/** What is wished of a backup. */
export interface BackupWish {
  databaseId: DatabaseId
  /** The dump goes to the first; the others get copies. */
  destinationIds: readonly DestinationId[]
  codec: Codec
  encrypt: boolean
  /** The schedule that wishes it. */
  scheduleId?: ScheduleId
  /** When it is to begin, epoch milliseconds; at once where not given. */
  runAt?: number
}

export interface Backups {
  service: Service<'backups'>
  /**
   * Enqueues a backup; those of one database are made one after another. One that waits or runs and is to
   * be the very same, for the same schedule at the same destinations, is answered with.
   */
  start(wish: BackupWish): { id: BackupId; jobId: JobId }
}

/** Of all databases together, for a list that is not about one. */
const longestList = 500

/** Backups: make, look, verify, remove, and find what lies at a destination. */
export function createBackups(deps: BackupsDeps): Backups {
  const { stores, clock, publish, registry, jobs, definitions } = deps

  const context = (): ViewContext => {
    const names = new Map(stores.destinations.list().map(({ id, name }) => [id, name]))
    const known = new Set(stores.databases.list().map(({ id }) => id))
    return { destinationName: (id) => names.get(id) ?? '', knows: (id) => known.has(id) }
  }

  /** Backups of a database that wait or are made, but for those that are given up. */
  const underWay = (databaseId: DatabaseId): { jobId: JobId; input: CreateBackupInput }[] =>
    stores.jobs
      .active()
      .filter(
        (job) =>
          job.kind === definitions.create.kind &&
          job.databaseId === databaseId &&
          job.undoing === null &&
          !job.cancelRequested,
      )
      .map(({ id, input }) => ({ jobId: id, input: definitions.create.input.parse(input) }))

  const start: Backups['start'] = (wish) => {
    const { databaseId, destinationIds, codec, encrypt, scheduleId = null, runAt } = wish
    const record = readyDatabase(stores, databaseId, 'backed up')
    const [destinationId, ...followers] = new Set(destinationIds)
    if (destinationId === undefined) {
      throw new QuaysideError('invalid_input', 'Choose a destination.', { field: 'destinationIds' })
    }
    for (const id of destinationIds) {
      // A schedule's backup fails as a job then, where it is seen; there is nobody here to be told.
      if (scheduleId !== null || stores.destinations.get(id) !== null) continue
      throw new QuaysideError('not_found', 'There is no such destination any more.', {
        field: 'destinationIds',
      })
    }
    const wished = { destinationId, followers, codec, encrypt, scheduleId }
    const same = underWay(databaseId).find(({ input }) => isSame(input, wished))
    if (same !== undefined) {
      if (runAt === undefined) jobs.hasten(same.jobId)
      return { id: same.input.backupId, jobId: same.jobId }
    }
    const backupId = backupIdSchema.parse(randomUUID())
    const hostName = registry.record(record.hostId).name
    const jobId = jobs.enqueue({
      definition: definitions.create,
      title: `Back up ${record.name}`,
      input: {
        ...wished,
        backupId,
        databaseId,
        databaseName: record.name,
        hostId: record.hostId,
        about: { hostName, environment: record.environment },
      },
      databaseId,
      hostId: record.hostId,
      runAt,
      queue: 'maintenance',
    })
    return { id: backupId, jobId }
  }

  return {
    start,
    service: {
      list: async ({ databaseId }) =>
        viewBackups(
          databaseId === undefined
            ? stores.backups.newest(longestList)
            : stores.backups.ofDatabase(databaseId),
          context(),
        ),
      tables: async ({ id }) => {
        const [copy] = stores.backups.ofBackup(id)
        if (copy !== undefined) return copy.manifest.tables
        throw new QuaysideError('not_found', 'There is no such backup any more.')
      },
      freshness: async () =>
        freshnessOf({
          databases: stores.databases.list().filter(({ state }) => state === 'ready'),
          copies: stores.backups.heads(),
          failed: stores.jobs.failed([...tellingKinds], longestList),
          active: stores.jobs.active(),
          schedules: stores.schedules.list(),
          proofs: stores.backups.proofs(),
          destinationName: context().destinationName,
          now: clock.now(),
        }),
      create: async (input) => start(input),
      verify: async ({ id, destinationId }) => {
        const copy = copyOf(deps, { backupId: id, destinationId })
        return { jobId: enqueueVerify(deps, later(copy, [])) }
      },
      testRestore: async ({ id, destinationId, hostId }) => {
        const copy = copyOf(deps, { backupId: id, destinationId })
        const { engine, name } = copy.manifest.database
        deps.engines.get(engine)
        const host = testRestoreHost(deps, { id: copy.databaseId, name }, hostId)
        return { jobId: enqueueTest(deps, later(copy, []), host) }
      },
      remove: async ({ id, destinationId, confirmName }, options) => {
        await removeCopy(deps, { backupId: id, destinationId, confirmName }, options?.signal)
        return {}
      },
      scan: async ({ destinationId }, options) => {
        const signal = options?.signal ?? neverAborted
        const found = await withDestination(deps, destinationId, (destination) =>
          scanDestination(stores, destination, destinationId, signal),
        )
        deps.looks.looked(destinationId)
        publish({ type: 'changed', topic: 'backups' })
        return found
      },
      looks: async () => deps.looks.list(),
      look: async () => {
        deps.looks.refresh()
        return {}
      },
    },
  }
}

type Wished = Pick<
  CreateBackupInput,
  'destinationId' | 'followers' | 'codec' | 'encrypt' | 'scheduleId'
>

/** Whether one backup is all that another was to be. */
function isSame(one: Wished, other: Wished): boolean {
  const places = ({ destinationId, followers }: Wished): string =>
    [...new Set([destinationId, ...followers])].toSorted().join()
  return (
    one.scheduleId === other.scheduleId &&
    one.codec === other.codec &&
    one.encrypt === other.encrypt &&
    places(one) === places(other)
  )
}

/** The next steps of a copy that is known. */
export function later(copy: CopyRecord, followers: DestinationId[]): LaterCopies {
  const { database } = copy.manifest
  return {
    backupId: copy.backupId,
    destinationId: copy.destinationId,
    databaseId: copy.databaseId,
    databaseName: database.name,
    followers,
    scheduleId: null,
    about: { hostName: database.host, environment: database.environment },
  }
}

/** What starts the next step of a backup's life. */
export interface FollowDeps {
  jobs: Pick<Jobs, 'enqueue'>
  definitions: BackupJobs
}

/** Reads a copy back; beside other work on its database, but not twice at once. */
export function enqueueVerify({ jobs, definitions }: FollowDeps, copy: LaterCopies): JobId {
  return jobs.enqueue({
    definition: definitions.verify,
    title: `Verify a backup of ${copy.databaseName}`,
    input: copy,
    databaseId: copy.databaseId,
    hostId: null,
    key: `backup/${copy.backupId}/${copy.destinationId}`,
    queue: 'maintenance',
  })
}

/** Makes the copy that a verified one is to have at another destination. */
export function enqueueCopy(
  { jobs, definitions }: FollowDeps,
  copy: LaterCopies,
  to: DestinationId,
): JobId {
  return jobs.enqueue({
    definition: definitions.copy,
    title: `Copy a backup of ${copy.databaseName}`,
    input: { ...copy, to },
    databaseId: copy.databaseId,
    hostId: null,
    key: `backup/${copy.backupId}/${to}`,
    queue: 'maintenance',
  })
}

/** Proves a copy on a host; beside other work on its database, one after another. */
export function enqueueTest(
  { jobs, definitions }: FollowDeps,
  { backupId, destinationId, databaseId, databaseName, about: of }: LaterCopies,
  { id: hostId, name: hostName }: Pick<HostRecord, 'id' | 'name'>,
): JobId {
  const about = { ...of, hostName }
  return jobs.enqueue({
    definition: definitions.test,
    title: `Test-restore a backup of ${databaseName}`,
    input: { backupId, destinationId, databaseId, databaseName, hostId, about },
    databaseId,
    hostId,
    key: `test-restore/${databaseId}`,
    queue: 'maintenance',
  })
}

/** Removes what the schedules no longer keep beside this copy. */
export function enqueueRetention(
  { jobs, definitions }: FollowDeps,
  { databaseId, databaseName, destinationId, about }: LaterCopies,
): JobId {
  return jobs.enqueue({
    definition: definitions.retention,
    title: `Tidy up the backups of ${databaseName}`,
    input: { databaseId, databaseName, destinationId, about },
    databaseId,
    hostId: null,
    key: `retention/${databaseId}/${destinationId}`,
    queue: 'maintenance',
  })
}
