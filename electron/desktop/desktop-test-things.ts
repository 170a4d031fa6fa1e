import type { AppState } from '../../shared/contract/app.ts'
import type { BackupFreshness } from '../../shared/contract/backups.ts'
import { databaseIdSchema, type DatabaseView } from '../../shared/contract/databases.ts'
import { hostIdSchema, type HostView } from '../../shared/contract/hosts.ts'
import { jobIdSchema, type JobView } from '../../shared/contract/jobs.ts'
import { connectingStatus } from '../../shared/host-status.ts'

/** Things as the core tells them, for the tests of what the desktop makes of them. */
export const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

export function aHost(
  n: number,
  state: HostView['status']['state'] = 'ready',
  error: HostView['status']['error'] = null,
): HostView {
  return {
    id: hostIdSchema.parse(id(n)),
    name: `host-${n}`,
    connection: { kind: 'ssh-config', alias: `host-${n}` },
    baseDomain: null,
    dataDirectory: null,
    createdAt: 0,
    databases: 0,
    status: { ...connectingStatus(0), state, error },
  }
}

/** As Quayside tells it of a host whose SSH server answers while its Docker does not. */
export const dockerDown = {
  code: 'docker_down',
  message: 'Docker on host-1 does not answer.',
} as const

export function aDatabase(
  n: number,
  host: HostView,
  given: Partial<DatabaseView> = {},
): DatabaseView {
  return {
    id: databaseIdSchema.parse(id(n)),
    hostId: host.id,
    hostName: host.name,
    name: `db-${n}`,
    environment: 'development',
    engine: 'an-engine',
    version: '17',
    image: 'an-engine:17',
    containerName: `db-${n}-development-an-engine`,
    volumeName: `db-${n}-development-an-engine-data`,
    port: 5432,
    user: 'user',
    database: `db_${n}`,
    status: 'running',
    reason: null,
    since: 0,
    startedAt: 0,
    protected: false,
    deletedAt: null,
    createdAt: 0,
    jobId: null,
    ...given,
  }
}

export function aFreshness(
  { id }: DatabaseView,
  given: Partial<BackupFreshness> = {},
): BackupFreshness {
  return {
    databaseId: id,
    newest: null,
    trend: [],
    failed: [],
    provenAt: null,
    unproven: null,
    nextRunAt: null,
    late: [],
    vanished: [],
    jobId: null,
    ...given,
  }
}

/** An app that is up to nothing. */
export const quiet: AppState = { storeError: null, update: null, quitsAfter: null }

export function aJob(n: number, given: Partial<JobView> = {}): JobView {
  return {
    id: jobIdSchema.parse(id(n)),
    kind: 'create-database',
    title: `Create db-${n}`,
    state: 'running',
    undoing: false,
    interrupted: false,
    cancelRequested: false,
    cancellable: true,
    attempt: 1,
    createdAt: 0,
    startedAt: 0,
    endedAt: null,
    runAt: 0,
    steps: [],
    error: null,
    databaseId: null,
    hostId: null,
    hostName: null,
    environment: null,
    byItself: false,
    ...given,
  }
}
