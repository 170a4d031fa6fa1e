import { createDatabaseJob } from '../domain/databases/create-database.ts'
import type { DatabaseJobDeps } from '../domain/databases/database-job.ts'
import { createDatabases, type DatabaseJobs } from '../domain/databases/databases.ts'
import {
  restartDatabaseJob,
  startDatabaseJob,
  stopDatabaseJob,
} from '../domain/databases/run-jobs.ts'
import {
  deleteDatabaseJob,
  purgeDatabaseJob,
  undeleteDatabaseJob,
} from '../domain/databases/trash-jobs.ts'
import { eraseInput, type JobDefinition } from '../domain/jobs/job-definition.ts'

/** What the service needs beyond what its jobs do. */
type Served = Omit<Parameters<typeof createDatabases>[0], keyof DatabaseJobDeps | 'definitions'>

/** The databases, in two turns as with backups: first the kinds of jobs, then the service. */
export function composeDatabases(deps: DatabaseJobDeps) {
  const definitions: DatabaseJobs = {
    create: createDatabaseJob(deps),
    start: startDatabaseJob(deps),
    stop: stopDatabaseJob(deps),
    restart: restartDatabaseJob(deps),
    delete: deleteDatabaseJob(deps),
    undelete: undeleteDatabaseJob(deps),
    purge: purgeDatabaseJob(deps),
  }
  const { create, ...existing } = definitions
  const kinds: JobDefinition[] = [
    eraseInput(create),
    ...Object.values(existing).map((kind) => eraseInput(kind)),
  ]
  return {
    kinds,
    serve: (served: Served) => createDatabases({ ...deps, ...served, definitions }),
  }
}
