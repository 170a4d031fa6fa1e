import { databaseIdSchema, type DatabaseView } from '../../shared/contract/databases.ts'
import { hostIdSchema, type HostView } from '../../shared/contract/hosts.ts'
import { jobIdSchema, type JobView } from '../../shared/contract/jobs.ts'

export const noon = Date.UTC(2026, 0, 2, 12)

/** A host that is ready, for tests of what is said about it. */
export function someHost(change: Partial<HostView> = {}): HostView {
  return {
    id: hostIdSchema.parse('11111111-1111-4111-8111-111111111111'),
    name: 'ams-1',
    connection: {
      kind: 'ssh',
      address: '203.0.113.7',
      port: 22,
      user: 'deploy',
      login: { kind: 'agent' },
    },
    baseDomain: null,
    dataDirectory: null,
    createdAt: noon,
    status: {
      state: 'ready',
      since: noon,
      lastSeen: noon,
      nextTry: null,
      latencyMs: 18,
      transport: 'stream-local',
      systemSsh: null,
      systemSshJumps: [],
      touch: false,
      dockerVersion: '27.3.1',
      os: 'Debian GNU/Linux 12 (bookworm)',
      limits: [],
      error: null,
    },
    databases: 1,
    ...change,
  }
}

/** A database that runs. */
export function someDatabase(change: Partial<DatabaseView> = {}): DatabaseView {
  return {
    id: databaseIdSchema.parse('22222222-2222-4222-8222-222222222222'),
    hostId: someHost().id,
    hostName: 'ams-1',
    name: 'shop',
    environment: 'production',
    engine: 'toy',
    version: '17',
    image: 'toy:17',
    containerName: 'shop-production-toy',
    volumeName: 'shop-production-toy-data',
    port: 5432,
    user: 'db_user_a1b2c3',
    database: 'shop',
    status: 'running',
    reason: null,
    since: noon,
    startedAt: noon,
    protected: false,
    deletedAt: null,
    createdAt: noon,
    jobId: null,
    ...change,
  }
}

/** A job that is done. */
export function someJob(change: Partial<JobView> = {}): JobView {
  return {
    id: jobIdSchema.parse('33333333-3333-4333-8333-333333333333'),
    kind: 'databases.create',
    title: 'Create shop',
    state: 'done',
    undoing: false,
    interrupted: false,
    cancelRequested: false,
    cancellable: true,
    attempt: 1,
    createdAt: noon,
    startedAt: noon,
    endedAt: noon,
    runAt: noon,
    steps: [
      {
        name: 'pull',
        title: 'Pull the image',
        state: 'done',
        fact: '412 MB',
        startedAt: noon,
        endedAt: noon,
      },
    ],
    error: null,
    databaseId: someDatabase().id,
    hostId: someHost().id,
    hostName: 'ams-1',
    environment: 'production',
    byItself: false,
    ...change,
  }
}
