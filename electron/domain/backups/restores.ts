import { randomUUID } from 'node:crypto'
import type { Engine } from '../../engines/engine.ts'
import { backupIdSchema } from '../../../shared/contract/backups.ts'
import type { CreateDatabaseInput } from '../../../shared/contract/databases.ts'
import type { RestoreInput, RestoreTarget } from '../../../shared/contract/restores.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Service } from '../core.ts'
import { requireName } from '../databases/databases.ts'
import { checkedCreate, newDatabase } from '../databases/new-database.ts'
import { readyDatabase } from '../databases/ready-database.ts'
import type { JobDefinition } from '../jobs/job-definition.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { CopyRecord, DatabaseRecord } from '../ports.ts'
import { copyOf, type BackupJobDeps } from './backup-job.ts'
import { identityOf, versionOf } from './open-copy.ts'
import { planInPlace, planNew } from './plan-restore.ts'
import { worthQuickFill } from './quick-fill.ts'
import type { RestoreBackupInput } from './restore-backup.ts'
import { isOlder, olderServer, type RestoreInPlaceInput } from './restore-in-place.ts'
import { replacedName } from './restore-names.ts'

/** The kinds of job that make a backup a database again. */
export interface RestoreJobs {
  asNew: JobDefinition<RestoreBackupInput>
  inPlace: JobDefinition<RestoreInPlaceInput>
}

interface RestoresDeps extends BackupJobDeps {
  jobs: Jobs
  definitions: RestoreJobs
}

type NewTarget = Extract<RestoreTarget, { kind: 'new' }>

/** Restores: what would be done, and doing it. */
export function createRestores(deps: RestoresDeps): Service<'restores'> {
  const { stores, clock, registry, jobs, definitions } = deps

  const requestOf = (copy: CopyRecord, target: NewTarget): CreateDatabaseInput => {
    const { engine: id } = copy.manifest.database
    const version = versionOf(deps.engines.get(id), copy.manifest)
    const { hostId, name, environment } = target
    return { hostId, engine: id, name, version, environment }
  }

  const startNew = async (input: RestoreInput, target: NewTarget) => {
    const copy = copyOf(deps, input)
    const create = await newDatabase(deps, requestOf(copy, target))
    const { about, databaseId } = create
    const { database, dump } = copy.manifest
    const jobId = jobs.enqueue({
      definition: definitions.asNew,
      title: `Restore ${database.name} as ${target.name}`,
      input: {
        backupId: input.backupId,
        destinationId: input.destinationId,
        create: {
          ...create,
          ...identityOf(deps.engines.get(create.engine), copy),
          filling: worthQuickFill(dump.plainBytes),
        },
        about,
      },
      databaseId,
      hostId: target.hostId,
    })
    return { databaseId, jobId }
  }

  const recordFor = (
    copy: CopyRecord,
    target: Extract<RestoreTarget, { kind: 'in-place' }>,
  ): DatabaseRecord => {
    const record = readyDatabase(stores, target.databaseId, 'restored')
    refuseUnfit(record, copy, deps.engines.get(record.engine))
    return record
  }

  const startInPlace = (
    input: RestoreInput,
    target: Extract<RestoreTarget, { kind: 'in-place' }>,
  ) => {
    const copy = copyOf(deps, input)
    const record = recordFor(copy, target)
    requireName(record, target.confirmName)
    const { id: databaseId, hostId } = record
    const about = { hostName: registry.record(hostId).name, environment: record.environment }
    const { destinationId } = input
    const jobId = jobs.enqueue({
      definition: definitions.inPlace,
      title: `Restore ${record.name} in place`,
      input: {
        backupId: input.backupId,
        destinationId,
        databaseId,
        hostId,
        about,
        keepAs: replacedName(record.database, clock.now()),
        safety: {
          destinationId,
          databaseId,
          hostId,
          about,
          followers: [],
          backupId: backupIdSchema.parse(randomUUID()),
          databaseName: record.name,
          codec: 'zstd',
          encrypt: copy.manifest.object.encryption !== null,
          scheduleId: null,
        },
      },
      databaseId,
      hostId,
      queue: 'maintenance',
    })
    return Promise.resolve({ databaseId, jobId })
  }

  return {
    plan: async (input, options) => {
      const copy = copyOf(deps, input)
      const { target } = input
      return target.kind === 'new'
        ? planNew(deps, copy, checkedCreate(deps, requestOf(copy, target)), options?.signal)
        : planInPlace(deps, copy, recordFor(copy, target), options?.signal)
    },
    start: async (input) => {
      const { target } = input
      return target.kind === 'new' ? startNew(input, target) : startInPlace(input, target)
    },
  }
}

function refuseUnfit(
  record: DatabaseRecord,
  { manifest }: CopyRecord,
  { reservedDatabases }: Engine,
): void {
  const { engine, serverVersion } = manifest.database
  if (record.engine !== engine) {
    throw new QuaysideError('invalid_input', `The backup is not of ${record.name}’s engine.`, {
      hint: 'Restore it as a new database.',
      field: 'target',
    })
  }
  if (reservedDatabases.includes(record.database)) {
    throw new QuaysideError('invalid_input', `${record.database} is the server’s own database.`, {
      hint: 'Nothing takes its place. Restore it as a new database.',
      field: 'target',
    })
  }
  if (isOlder(record.version, serverVersion)) {
    throw olderServer(record.name, record.version, serverVersion)
  }
}
