import { postgresIcon } from '../../electron/engines/postgres/icon.ts'
import type { EngineInfo } from '../../shared/contract/engines.ts'
import { databaseSchema, type DatabaseView } from '../../shared/contract/databases.ts'
import { hostSchema, type HostView } from '../../shared/contract/hosts.ts'
import { jobSchema, type JobView } from '../../shared/contract/jobs.ts'
import { containerName, volumeName, type Environment } from '../../shared/names.ts'

export const now = Date.now()
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** A stable id from a number, in the form of a UUID. */
export const id = (n: number): string =>
  `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`

export const engines: EngineInfo[] = [
  {
    id: 'postgres',
    label: 'PostgreSQL',
    versions: [
      { version: '18', label: '18 newest' },
      { version: '17', label: '17' },
      { version: '16', label: '16' },
      { version: '15', label: '15' },
    ],
    defaultPort: 5432,
    icon: postgresIcon,
    client: 'psql',
  },
]

function host(
  n: number,
  name: string,
  address: string,
  status: Partial<HostView['status']>,
  more: Partial<HostView> = {},
): HostView {
  return hostSchema.parse({
    id: id(n),
    name,
    connection: { kind: 'ssh', address, port: 22, user: 'root', login: { kind: 'agent' } },
    baseDomain: null,
    dataDirectory: null,
    createdAt: now - 90 * day,
    databases: 0,
    ...more,
    status: {
      state: 'ready',
      since: now - 3 * hour,
      lastSeen: now - 4000,
      nextTry: null,
      latencyMs: 18,
      transport: 'stream-local',
      systemSsh: null,
      systemSshJumps: [],
      touch: false,
      dockerVersion: '28.5.2',
      os: 'Debian GNU/Linux 13 (trixie)',
      limits: [],
      error: null,
      ...status,
    },
  })
}

export const hosts: HostView[] = [
  host(1, 'ams-1', '203.0.113.24', {}, { databases: 3, baseDomain: 'northwind.example' }),
  host(
    2,
    'fra-1',
    '198.51.100.17',
    {
      state: 'degraded',
      latencyMs: 24,
      transport: 'dial-stdio',
      systemSsh: 'certificate ~/.ssh/id_ed25519-cert.pub',
      systemSshJumps: [{ host: 'bastion', why: 'security key ~/.ssh/id_ed25519_sk' }],
      limits: [
        'Its SSH server forbids channels to sockets, so Docker is reached by “docker system dial-stdio”, at most four at a time.',
      ],
    },
    { databases: 3 },
  ),
  host(
    3,
    'homelab',
    '192.0.2.40',
    {
      state: 'lost',
      since: now - 2 * minute,
      lastSeen: now - 2 * minute,
      nextTry: now + 18_000,
      latencyMs: null,
      error: { code: 'host_lost', message: 'homelab does not answer.' },
    },
    { databases: 2 },
  ),
  host(4, 'lon-2', '203.0.113.80', {
    state: 'key-changed',
    since: now - 5 * minute,
    latencyMs: null,
    error: {
      code: 'host_key_changed',
      message: 'lon-2 shows another key than the pinned one.',
      hint: 'Nothing is sent to it until you have compared both keys.',
      facts: {
        pinned: 'SHA256:uX3q8vTnLm0cWzRd7YbK1pEsJf6gHa9tQw2oNr5iDk4',
        shown: 'SHA256:Zp91bHsQe4vTt0xYc2LfR7mKq3WnJd8sGh5uAo6iEm7',
        type: 'ssh-ed25519',
      },
    },
  }),
  host(
    5,
    'attic',
    '192.0.2.77',
    {
      state: 'refused',
      latencyMs: null,
      error: {
        code: 'login_refused',
        message: 'attic refused the login of deploy.',
        hint: 'Give the password again.',
        detail: 'All configured authentication methods failed (password)',
      },
    },
    {
      connection: {
        kind: 'ssh',
        address: '192.0.2.77',
        port: 2222,
        user: 'deploy',
        login: { kind: 'password' },
      },
    },
  ),
]

function database(
  n: number,
  name: string,
  environment: Environment,
  version: string,
  onHost: HostView | undefined,
  more: Partial<Record<keyof DatabaseView, unknown>> = {},
): DatabaseView {
  const identity = { name, environment, engine: 'postgres' }
  return databaseSchema.parse({
    id: id(100 + n),
    hostId: onHost?.id,
    hostName: onHost?.name,
    name,
    environment,
    engine: 'postgres',
    version,
    image: `postgres:${version}`,
    containerName: containerName(identity),
    volumeName: volumeName(identity),
    port: 5431 + n,
    user: `db_user_7c41f${n.toString(16)}`,
    database: name.replaceAll('-', '_'),
    status: 'running',
    reason: null,
    since: now - 2 * hour,
    startedAt: now - 41 * day - 6 * hour,
    protected: environment === 'production',
    deletedAt: null,
    createdAt: now - 60 * day,
    jobId: null,
    ...more,
  })
}

const [ams, fra, homelab] = hosts
export const createJobId = id(500)

export const databases: DatabaseView[] = [
  database(1, 'shop', 'production', '17', ams),
  database(2, 'shop-sessions', 'production', '17', ams, { startedAt: now - 26 * hour }),
  database(3, 'shop', 'staging', '17', fra, { startedAt: now - 4 * hour }),
  database(4, 'orders', 'development', '18', fra, {
    status: 'creating',
    jobId: createJobId,
    startedAt: null,
    createdAt: now - 14_000,
  }),
  database(5, 'ledger', 'production', '16', ams, {
    status: 'attention',
    reason: 'Restarted 3 times in 10 min',
    startedAt: now - 40_000,
  }),
  database(6, 'ledger', 'staging', '16', fra, {
    status: 'stopped',
    since: now - 3 * hour,
    startedAt: null,
  }),
  database(7, 'reports', 'development', '15', fra, {
    status: 'failed',
    reason: 'Exited with code 137: out of memory',
    since: now - 20 * minute,
    startedAt: null,
  }),
  database(8, 'wiki', 'production', '16', homelab, {
    status: 'unknown',
    reason: 'homelab does not answer',
    since: now - 2 * minute,
    startedAt: null,
  }),
  database(9, 'scratch', 'development', '18', homelab, {
    status: 'unknown',
    reason: 'homelab does not answer',
    since: now - 2 * minute,
    startedAt: null,
  }),
  database(10, 'old-blog', 'staging', '15', ams, {
    status: 'trash',
    deletedAt: now - 2 * day,
    startedAt: null,
    protected: false,
  }),
]

const words = ['shop', 'ledger', 'wiki', 'reports', 'events', 'search', 'billing', 'mail', 'stock']
const spread: readonly Environment[] = ['production', 'staging', 'development']
const states = ['running', 'running', 'running', 'running', 'stopped', 'running', 'failed'] as const

/** Enough that only a list which draws what is seen stays smooth. */
export const manyDatabases: DatabaseView[] = Array.from({ length: 1000 }, (_, n) => {
  const status = states[n % states.length] ?? 'running'
  const reason = status === 'failed' ? 'Exited with code 137: out of memory' : null
  const name = `${words[n % words.length] ?? 'db'}-${Math.floor(n / words.length)}`
  return database(1000 + n, name, spread[n % 3] ?? 'staging', '17', hosts[n % 3], {
    status: n % 3 === 2 ? 'unknown' : status,
    reason: n % 3 === 2 ? null : reason,
    ...(status === 'running' && n % 3 !== 2 ? {} : { startedAt: null }),
  })
})

type StepState = JobView['steps'][number]['state']

const createSteps = [
  ['check', 'Check fra-1', '212 GB disk free, port 5435 free, name free', 400],
  [
    'credentials',
    'Write credentials to this computer’s keychain',
    'db_user_91be07, password of 24 characters',
    90,
  ],
  ['pull', 'Pull postgres:18', '154 MB', 8700],
  ['volume', 'Make volume orders-development-postgres-data', null, 60],
  ['container', 'Create and start the container', 'orders-development-postgres', 900],
  ['ready', 'Wait until PostgreSQL accepts connections', 'PostgreSQL 18.1', 3100],
] as const

/** The steps of a create, as far as step `at`, which is in the given state. */
export function stepsUntil(at: number, state: StepState, startedAt: number): JobView['steps'] {
  let clock = startedAt
  return createSteps.map(([name, title, fact, ms], index) => {
    const from = clock
    clock += ms
    const past: StepState = state === 'failed' ? 'undone' : 'done'
    const own: StepState =
      index < at ? past : index === at ? state : state === 'failed' ? 'not-run' : 'waiting'
    return {
      name,
      title,
      state: own,
      fact: index < at && own === 'done' ? fact : null,
      startedAt: index <= at ? from : null,
      endedAt: index < at || (index === at && state !== 'running') ? from + ms : null,
    }
  })
}

export function job(
  n: number,
  title: string,
  more: Partial<Record<keyof JobView, unknown>>,
): JobView {
  return jobSchema.parse({
    id: id(500 + n),
    kind: 'databases.create',
    title,
    state: 'done',
    undoing: false,
    interrupted: false,
    cancelRequested: false,
    cancellable: true,
    attempt: 1,
    createdAt: now - hour,
    startedAt: now - hour,
    endedAt: now - hour + 3000,
    runAt: now - hour,
    steps: [],
    error: null,
    databaseId: id(101),
    hostId: id(1),
    hostName: 'ams-1',
    environment: 'production',
    byItself: false,
    ...more,
  })
}

const failure = {
  code: 'port_taken',
  message: 'Port 5432 on ams-1 is taken.',
  hint: 'The program nginx holds it. Free the port and retry.',
  detail:
    'driver failed programming external connectivity on endpoint reports-development-postgres: failed to bind host port 127.0.0.1:5432/tcp: address already in use',
}

export const jobs: JobView[] = [
  job(0, 'Create orders', {
    state: 'running',
    createdAt: now - 14_000,
    startedAt: now - 14_000,
    endedAt: null,
    steps: stepsUntil(2, 'running', now - 14_000),
    databaseId: id(104),
    hostId: id(2),
    hostName: 'fra-1',
    environment: 'development',
  }),
  job(1, 'Restart shop', {
    createdAt: now - 30 * minute,
    startedAt: now - 30 * minute,
    endedAt: now - 30 * minute + 4200,
  }),
  job(2, 'Create reports', {
    state: 'failed',
    attempt: 3,
    createdAt: now - 2 * hour,
    startedAt: now - 2 * hour,
    endedAt: now - 2 * hour + 47_000,
    steps: stepsUntil(4, 'failed', now - 2 * hour),
    error: failure,
    databaseId: id(140),
    environment: 'development',
  }),
  job(3, 'Stop ledger', {
    createdAt: now - 3 * hour,
    startedAt: now - 3 * hour,
    endedAt: now - 3 * hour + 2900,
    environment: 'staging',
    hostName: 'fra-1',
    databaseId: id(106),
  }),
  job(4, 'Start wiki', {
    state: 'running',
    interrupted: true,
    createdAt: now - 4 * hour,
    startedAt: now - 4 * hour,
    endedAt: null,
    hostName: 'homelab',
    databaseId: id(108),
  }),
  job(5, 'Create reports', {
    state: 'cancelled',
    createdAt: now - 26 * hour,
    startedAt: now - 26 * hour,
    endedAt: now - 26 * hour + 31_000,
    environment: 'development',
    hostName: 'homelab',
    databaseId: id(141),
  }),
  job(6, 'Delete old-blog', {
    createdAt: now - 2 * day,
    startedAt: now - 2 * day,
    endedAt: now - 2 * day + 5200,
    environment: 'staging',
    databaseId: id(110),
  }),
  job(7, 'Create shop', {
    createdAt: now - 9 * day,
    startedAt: now - 9 * day,
    endedAt: now - 9 * day + 13_250,
    steps: stepsUntil(6, 'done', now - 9 * day),
  }),
]
