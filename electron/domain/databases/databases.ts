import type { DatabaseId, DatabaseView } from '../../../shared/contract/databases.ts'
import type { JobId } from '../../../shared/contract/jobs.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { containerName } from '../../../shared/names.ts'
import type { Service } from '../core.ts'
import type { JobDefinition } from '../jobs/job-definition.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Tunnels } from '../tunnels/tunnels.ts'
import type { Clipboard, DatabaseRecord } from '../ports.ts'
import { createConnections } from './connections.ts'
import type { CreateJobInput } from './create-database.ts'
import type { DatabaseJobDeps, DatabaseJobInput } from './database-job.ts'
import { databaseOf } from './database-of.ts'
import type { LiveView } from './live.ts'
import { checkedCreate, newDatabase } from './new-database.ts'
import { planCreate } from './plan-create.ts'
import { readStats } from './read-stats.ts'
import { viewDatabases } from './view-databases.ts'

/** The kinds of job that act on a database which exists, by the verb that starts them. */
export interface DatabaseJobs {
  create: JobDefinition<CreateJobInput>
  start: JobDefinition<DatabaseJobInput>
  stop: JobDefinition<DatabaseJobInput>
  restart: JobDefinition<DatabaseJobInput>
  delete: JobDefinition<DatabaseJobInput>
  undelete: JobDefinition<DatabaseJobInput>
  purge: JobDefinition<DatabaseJobInput>
}

interface DatabasesDeps extends DatabaseJobDeps {
  jobs: Pick<Jobs, 'enqueue'>
  definitions: DatabaseJobs
  live: Pick<LiveView, 'stateOf' | 'lastHeard' | 'look'>
  tunnels: Tunnels
  clipboard: Clipboard | null
  /** Whether a list asks each host first; not where each is watched anyway. */
  asksHosts: () => boolean
}

/** Databases: what the user asks of them becomes a record and a job. */
export function createDatabases(deps: DatabasesDeps): Service<'databases'> {
  const { stores, publish, registry, jobs, definitions, live } = deps

  const get = (id: DatabaseId): DatabaseRecord => databaseOf(stores, id)

  /** Enqueues a job on an existing database; the same one that already waits is answered with. */
  const act = (
    record: DatabaseRecord,
    verb: Exclude<keyof DatabaseJobs, 'create'>,
    word: string,
  ): { jobId: JobId } => {
    const definition = definitions[verb]
    const same = stores.jobs
      .active()
      .find((job) => job.databaseId === record.id && job.kind === definition.kind)
    if (same !== undefined) return { jobId: same.id }
    const hostName = registry.record(record.hostId).name
    const about = { hostName, environment: record.environment }
    return {
      jobId: jobs.enqueue({
        definition,
        title: `${word} ${record.name}`,
        input: { databaseId: record.id, hostId: record.hostId, about },
        databaseId: record.id,
        hostId: record.hostId,
      }),
    }
  }

  const viewsOf = (records: readonly DatabaseRecord[]): DatabaseView[] =>
    viewDatabases(stores, records, { live, statusOf: (id) => registry.opened(id)?.status })

  return {
    ...createConnections({ ...deps, get }),

    list: async (_input, options) => {
      const records = stores.databases.list()
      if (deps.asksHosts()) {
        await live.look(new Set(records.map((record) => record.hostId)), options?.signal)
      }
      // Read again: a look writes what it found.
      return viewsOf(stores.databases.list())
    },

    read: async ({ ids }) => viewsOf(ids.flatMap((id) => stores.databases.get(id) ?? [])),

    plan: async (input, options) => planCreate(deps, checkedCreate(deps, input), options?.signal),

    create: async (input) => {
      const create = await newDatabase(deps, input)
      const { databaseId, hostId } = create
      const jobId = jobs.enqueue({
        definition: definitions.create,
        title: `Create ${input.name}`,
        input: create,
        databaseId,
        hostId,
      })
      return { id: databaseId, jobId }
    },

    stats: async ({ id }, options) => readStats(deps, get(id), options?.signal),

    start: async ({ id }) => act(usable(get(id)), 'start', 'Start'),
    stop: async ({ id }) => act(usable(get(id)), 'stop', 'Stop'),
    restart: async ({ id }) => act(usable(get(id)), 'restart', 'Restart'),

    delete: async ({ id, confirmName }) => {
      const record = usable(get(id))
      requireName(record, confirmName)
      if (record.protected) {
        throw new QuaysideError('protected', `${record.name} is protected against deletion.`, {
          hint: 'Lift the protection first.',
        })
      }
      return act(record, 'delete', 'Delete')
    },

    undelete: async ({ id }) => {
      const record = trashed(get(id))
      const name = containerName(record)
      const other = stores.databases.list().find((one) => one.containerName === name)
      if (other !== undefined) {
        throw new QuaysideError('name_taken', `Another database is named ${record.name} by now.`, {
          hint: 'Delete or purge the other one first.',
        })
      }
      return act(record, 'undelete', 'Bring back')
    },

    purge: async ({ id, confirmName }) => {
      const record = trashed(get(id))
      requireName(record, confirmName)
      return act(record, 'purge', 'Purge')
    },

    setProtection: async ({ id, protected: value }) => {
      const record = get(id)
      stores.transaction(() => {
        stores.databases.update(id, { protected: value })
        stores.audit.append({
          action: value ? 'databases.protect' : 'databases.unprotect',
          subject: record.name,
          facts: {},
        })
      })
      publish({ type: 'changed', topic: 'databases', ids: [id] })
      return {}
    },
  }
}

function usable(record: DatabaseRecord): DatabaseRecord {
  if (record.state === 'ready') return record
  throw record.state === 'creating'
    ? new QuaysideError('busy', `${record.name} is still being created.`, {
        hint: 'Wait until it is done, or cancel its creation.',
      })
    : new QuaysideError('busy', `${record.name} is in the trash.`, { hint: 'Bring it back first.' })
}

function trashed(record: DatabaseRecord): DatabaseRecord {
  if (record.state === 'trash') return record
  throw new QuaysideError('busy', `${record.name} is not in the trash.`, {
    hint: 'Delete it first; that moves it to the trash.',
  })
}

export function requireName(record: DatabaseRecord, confirmName: string): void {
  if (confirmName === record.name) return
  throw new QuaysideError('name_mismatch', `“${confirmName}” is not the name ${record.name}.`, {
    hint: `Type ${record.name} to confirm.`,
    field: 'confirmName',
  })
}
