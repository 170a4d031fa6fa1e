import { databaseSchema, type DatabaseView } from '../../shared/contract/databases.ts'
import { containerName } from '../../shared/names.ts'

const hostIds = new Map<string, string>()

/** A database for tests, alike in all that is not said; one host has one id. */
export function aDatabase(more: Partial<DatabaseView> & { name: string }): DatabaseView {
  const { name, hostName = 'ams-1', environment = 'development' } = more
  const hostId = hostIds.get(hostName) ?? crypto.randomUUID()
  hostIds.set(hostName, hostId)
  const container = containerName({ name, environment, engine: 'anyengine' })
  return databaseSchema.parse({
    id: crypto.randomUUID(),
    hostId,
    hostName,
    environment,
    engine: 'anyengine',
    version: '17',
    image: 'anyengine:17',
    containerName: container,
    volumeName: `${container}-data`,
    port: null,
    user: 'db_user_000000',
    database: name,
    status: 'running',
    reason: null,
    since: null,
    startedAt: null,
    protected: false,
    deletedAt: null,
    createdAt: 0,
    jobId: null,
    ...more,
  })
}
