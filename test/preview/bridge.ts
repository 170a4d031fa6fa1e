import type { Bridge, BridgeReply } from '../../shared/bridge.ts'
import {
  contract,
  type MethodName,
  type MethodOutput,
  type ParsedInput,
} from '../../shared/contract/index.ts'
import { checkSteps, type CheckStep, type HostCheck } from '../../shared/contract/hosts.ts'
import { closeBeatMs } from '../../shared/contract/metrics.ts'
import { usualSettings } from '../../shared/contract/settings.ts'
import { QuaysideError, toErrorData } from '../../shared/errors.ts'
import type { QuaysideEvent } from '../../shared/events.ts'
import { hiddenPassword } from '../../shared/connection-formats.ts'
import { containerName, volumeName } from '../../shared/names.ts'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import type { TunnelView } from '../../shared/contract/tunnels.ts'
import {
  createJobId,
  databases,
  engines,
  hosts,
  id,
  job,
  jobs,
  manyDatabases,
  now,
  stepsUntil,
} from './data.ts'
import { importPlan, importServerPlan } from './imports.ts'
import { backupsGone, freshnessGone } from './backups-gone.ts'
import { backups, freshness, looks, restoreJob, restorePlan, tables } from './backups.ts'
import { destinationCheck, destinationKinds, destinations, storedSamples } from './destinations.ts'
import { schedulePreview, schedules } from './schedules.ts'
import { hostFacts, hostPorts, keptFacts } from './host-look.ts'
import { someSamples } from './samples.ts'
import { logNews } from './log-news.ts'
import { cutInstall, installPlan, withoutDocker } from './docker-install.ts'
import { tunnelClients } from './tunnel-clients.ts'
import type { Scenario } from './scenarios.ts'

type Answers = {
  readonly [N in MethodName]?: (input: ParsedInput<N>) => MethodOutput<N> | Promise<MethodOutput<N>>
}

const fingerprint = 'SHA256:uX3q8vTnLm0cWzRd7YbK1pEsJf6gHa9tQw2oNr5iDk4'
const titles: Record<CheckStep['name'], string> = {
  address: 'Find the address',
  port: 'Reach port 22',
  'host-key': 'Is this your server?',
  login: 'Log in as root',
  docker: 'Find Docker',
  permission: 'May root use Docker?',
  version: 'Docker version',
  disk: 'Disk and memory',
  clock: 'Clock',
}
const facts: Record<CheckStep['name'], string> = {
  address: '203.0.113.24',
  port: 'OpenSSH 10.0, Debian',
  'host-key': 'The key is in known_hosts',
  login: 'by SSH agent',
  docker: 'at /var/run/docker.sock',
  permission: 'as root',
  version: 'Docker 28.5.2, API 1.51',
  disk: '212 GB of 400 GB free, 32 GB memory',
  clock: 'right',
}

/** What a step that runs may ask for. */
const asked = 'Touch your security key'

/** A bridge that answers with invented data. Methods that a picture does not need answer with an error. */
export function previewBridge(scenario: Scenario): Bridge {
  const listeners = new Set<(event: string) => void>()
  const publish = (event: QuaysideEvent) => {
    for (const listener of listeners) listener(JSON.stringify(event))
  }
  const tunnels = new Map<string, number>()
  const tunnelOf = (databaseId: DatabaseId, busy: boolean): TunnelView => ({
    databaseId,
    localPort: tunnels.get(databaseId) ?? 54321,
    remotePort: databases.find((each) => each.id === databaseId)?.port ?? 5432,
    movedFrom: busy ? 54320 : null,
    armed: true,
    elsewhere: scenario === 'tunnel-elsewhere',
    clients: busy ? tunnelClients : [],
    openedAt: now,
  })
  let watched: readonly DatabaseId[] = []
  const creating = scenario === 'creating'
  const empty = scenario === 'first-run'

  const checkUntil = (checkId: string, until: number, state: CheckStep['state']): HostCheck => ({
    checkId,
    ok: until >= checkSteps.length,
    unknownKey: state === 'question' ? { fingerprint, type: 'ssh-ed25519' } : null,
    steps: checkSteps.map((name, index): CheckStep => ({
      name,
      title: titles[name],
      state:
        index < until
          ? 'done'
          : index === until
            ? state
            : state === 'failed'
              ? 'not-run'
              : 'waiting',
      fact: index < until ? facts[name] : state === 'running' && index === until ? asked : null,
      ms: index < until ? 2 + index * 9 : null,
      error: index === until && state === 'failed' ? failing() : null,
    })),
  })
  const failing = () =>
    scenario === 'passphrase'
      ? {
          code: 'passphrase_needed' as const,
          message: 'The key ~/.ssh/id_ed25519 is locked with a passphrase.',
          hint: 'Give the passphrase. It is kept in the keychain.',
          field: 'secret',
        }
      : {
          code: 'docker_denied' as const,
          message: 'deploy may not use Docker on this server.',
          hint: 'Let deploy use Docker, which is as much as being root there, then check again.',
          remedy: 'sudo usermod -aG docker deploy',
          detail: 'dial unix /var/run/docker.sock: connect: permission denied',
        }

  const answers: Answers = {
    'app.info': () => ({ version: '0.1.0', platform: 'linux', home: '/home/me/.quayside' }),
    'app.state': () => ({
      storeError:
        scenario === 'disk-full'
          ? {
              code: 'disk_full',
              message: 'The disk of this computer is full.',
              hint: 'Free some space on the disk that holds /home/me/.quayside, then try again.',
            }
          : null,
      update: scenario === 'disk-full' ? '0.2.0' : null,
      quitsAfter: scenario === 'disk-full' ? 2 : null,
    }),
    'hosts.list': () => (empty ? [] : hosts),
    'hosts.facts': () => hostFacts,
    'hosts.lastFacts': () => keptFacts,
    'hosts.ports': () => hostPorts,
    'hosts.suggestions': () => ({
      sshConfig: ['ams-1', 'fra-1', 'homelab', 'build', 'edge', 'mail'].map((alias) => ({
        alias,
        address: `${alias}.northwind.example`,
        port: 22,
        user: 'root',
      })),
      local: { socketPath: '/var/run/docker.sock', dockerVersion: '28.5' },
      agent: { keys: 2 },
      keyFiles: ['~/.ssh/id_ed25519', '~/.ssh/id_rsa'],
    }),
    'hosts.check': async ({ checkId, acceptHostKey, secret }) => {
      if (scenario === 'slow-check') {
        publish({ type: 'host-check', check: checkUntil(checkId, 3, 'running') })
        await new Promise(() => undefined)
      }
      if (scenario === 'no-docker') return withoutDocker(checkUntil(checkId, 4, 'failed'))
      if (scenario === 'failing-check') return checkUntil(checkId, 5, 'failed')
      if (scenario === 'passphrase' && secret === undefined) return checkUntil(checkId, 3, 'failed')
      if (acceptHostKey === undefined) return checkUntil(checkId, 2, 'question')
      return checkUntil(checkId, checkSteps.length, 'done')
    },
    'hosts.planDockerInstall': () => installPlan,
    'hosts.reconnect': () => ({}),
    'hosts.setSecret': () => ({}),
    'engines.list': () => engines,
    'databases.list': () => {
      if (scenario === 'many') return manyDatabases
      return empty || scenario === 'no-databases' ? [] : databases
    },
    'databases.plan': (input) => {
      if (input.name === 'shop')
        throw new QuaysideError('name_taken', 'There is a shop on ams-1 already.', {
          hint: 'Choose another name.',
          field: 'name',
        })
      const name = containerName(input)
      return {
        containerName: name,
        volumeName: volumeName(input),
        address: `${name}.db.northwind.example`,
        port: 5433,
        imagePresent: false,
        actions: [
          { verb: 'pull', text: `postgres:${input.version}` },
          { verb: 'volume', text: volumeName(input) },
          { verb: 'create', text: name },
          { verb: '', text: '-p 127.0.0.1:5433:5432' },
          { verb: '', text: `-v ${volumeName(input)}:/var/lib/postgresql/data` },
          { verb: '', text: 'password: by file, never in arguments' },
          { verb: 'start', text: name },
          { verb: 'wait', text: 'for a login, at most 60 s' },
        ],
      }
    },
    'databases.create': () => ({
      id: databases[0]?.id ?? fail(),
      jobId: jobs[0]?.id ?? fail(),
    }),
    'metrics.watch': ({ close, inView }) => {
      watched = [...close, ...inView]
      return {}
    },
    'metrics.history': ({ ids, points }) =>
      ids.map((databaseId) => ({ databaseId, samples: someSamples(databaseId, points) })),
    'databases.start': () => ({ jobId: jobs[1]?.id ?? fail() }),
    'databases.stop': () => ({ jobId: jobs[1]?.id ?? fail() }),
    'databases.restart': () => ({ jobId: jobs[1]?.id ?? fail() }),
    'databases.delete': () => ({ jobId: jobs[1]?.id ?? fail() }),
    'databases.undelete': () => ({ jobId: jobs[1]?.id ?? fail() }),
    'databases.connection': ({ id: asked }) => {
      const database = databases.find((each) => each.id === asked) ?? fail()
      tunnels.set(asked, 54321)
      publish({ type: 'changed', topic: 'tunnels' })
      const url = `postgres://${database.user}:${hiddenPassword}@127.0.0.1:54321/${database.database}?sslmode=disable`
      return {
        host: '127.0.0.1',
        port: 54321,
        user: database.user,
        database: database.database,
        sslmode: 'disable',
        tunnel: true,
        remotePort: database.port ?? 5432,
        formats: [
          { id: 'url', label: 'URL', masked: url },
          { id: 'env', label: '.env', masked: `DATABASE_URL="${url}"` },
          {
            id: 'cli',
            label: 'psql',
            masked: `PGPASSWORD='${hiddenPassword}' psql -h 127.0.0.1 -p 54321 -U ${database.user} -d ${database.database}`,
          },
          { id: 'jdbc', label: 'JDBC', masked: `jdbc:${url}` },
          { id: 'dotnet', label: '.NET', masked: `Host=127.0.0.1;Password=${hiddenPassword}` },
          { id: 'go', label: 'Go', masked: url },
          { id: 'python', label: 'Python', masked: url },
          { id: 'prisma', label: 'Prisma', masked: url },
          {
            id: 'django',
            label: 'Django',
            masked: `DATABASES = {\n    "default": {\n        "ENGINE": "django.db.backends.postgresql",\n        "PASSWORD": "${hiddenPassword}",\n    }\n}`,
          },
        ],
      }
    },
    'databases.reveal': () => ({ password: 'x9fQ2mB7LkA0vR4tYc8WnJdE' }),
    'databases.copy': () => ({}),
    'databases.setProtection': () => ({}),
    'tunnels.list': () =>
      databases
        .filter((each) => tunnels.has(each.id))
        .map((each) => tunnelOf(each.id, scenario === 'busy-tunnel')),
    'tunnels.open': ({ databaseId }) => {
      tunnels.set(databaseId, 54321)
      publish({ type: 'changed', topic: 'tunnels' })
      return tunnelOf(databaseId, false)
    },
    'tunnels.close': ({ databaseId }) => {
      tunnels.delete(databaseId)
      publish({ type: 'changed', topic: 'tunnels' })
      return {}
    },
    'jobs.list': () => (empty ? [] : scenario === 'install-cut' ? [cutInstall, ...jobs] : jobs),
    'jobs.get': ({ id: asked }) => {
      if (asked === restoreJob.id) return restoreJob
      const found = jobs.find((each) => each.id === asked) ?? fail()
      if (creating || found.id !== createJobId || scenario === 'usual') return found
      return job(0, 'Create orders', { steps: stepsUntil(6, 'done', now), databaseId: id(101) })
    },
    'jobs.cancel': () => ({}),
    'jobs.retry': () => ({}),
    'logs.follow': async ({ follower }) => {
      await new Promise((soon) => setTimeout(soon, 50))
      publish({ type: 'log', news: { follower, ...logNews } })
      return new Promise(() => undefined)
    },
    'logs.unfollow': () => ({}),
    'logs.download': () => ({ saved: true, lines: 400 }),
    'files.choose': ({ what }) => ({
      path: what === 'folder' ? '/home/me/backups' : '/home/me/old-shop.sql.gz',
    }),
    'destinations.kinds': () => destinationKinds,
    'destinations.list': () => (scenario === 'no-databases' ? [] : destinations),
    'destinations.stored': () =>
      scenario === 'no-databases' || scenario === 'many' ? [] : storedSamples,
    'destinations.check': (input) =>
      destinationCheck(input.checkId, 'id' in input && input.id === destinations[2]?.id),
    'backups.list': ({ databaseId }) =>
      scenario === 'no-databases'
        ? []
        : (scenario === 'backups-gone' ? backupsGone : backups).filter(
            (each) => databaseId === undefined || each.databaseId === databaseId,
          ),
    'backups.freshness': () => (scenario === 'backups-gone' ? freshnessGone : freshness),
    'backups.look': () => ({}),
    'backups.looks': () => looks,
    'backups.tables': () => tables,
    'recoveryKey.status': () => ({ exists: false, savedAt: scenario === 'usual' ? null : now }),
    'recoveryKey.copy': () => ({}),
    'recoveryKey.saveFile': () => ({ saved: true }),
    'destinations.rotateKey': () => ({ keyId: id(990), createdAt: now }),
    'recoveryKey.reveal': () => ({
      text: '000GN-40R48-0M308-E209K-185GH-R38EQ-1W81K-24GKX-2GAHZ-C5RRR-34D12-P70XY-3RFGS',
    }),
    'recoveryKey.confirm': ({ text }) => {
      if (text === '3RFGS') return { exists: true, savedAt: Date.now() }
      throw new QuaysideError('recovery_key_wrong', 'That is not the recovery key.', {
        hint: 'Type it as you have saved it: the whole key, or its last group.',
        field: 'text',
      })
    },
    'schedules.list': () => (scenario === 'no-databases' ? [] : schedules),
    'schedules.preview': schedulePreview,
    'schedules.create': () => ({ id: schedules[0]?.id ?? fail() }),
    'schedules.update': () => ({}),
    'schedules.runNow': () => ({ jobIds: [] }),
    'restores.plan': ({ target }) => restorePlan(target),
    'transfers.planFile': importPlan,
    'transfers.planServer': importServerPlan,
    'transfers.importFile': () => ({
      databaseId: databases[0]?.id ?? fail(),
      jobId: jobs[0]?.id ?? fail(),
    }),
    'restores.start': () => ({
      databaseId: databases[0]?.id ?? fail(),
      jobId: restoreJob.id,
    }),
    'backups.create': () => ({ id: backups[0]?.id ?? fail(), jobId: jobs[0]?.id ?? fail() }),
    'settings.get': () => usualSettings,
    'settings.set': () => usualSettings,
    'secrets.status': () => {
      if (scenario === 'no-keychain') return { place: 'keychain', state: 'absent', error: null }
      if (scenario === 'vault-locked') return { place: 'vault', state: 'locked', error: null }
      return { place: 'keychain', state: 'ready', error: null }
    },
  }

  setInterval(() => {
    publish({
      type: 'job-progress',
      progress: {
        jobId: jobs[0]?.id ?? fail(),
        step: 'pull',
        bytes: 95_800_000,
        totalBytes: 154_200_000,
        bytesPerSecond: 11_000_000,
        text: 'layer 4 of 5',
      },
    })
  }, 300)
  // The last sample anew, so that it stays one of now however long a picture takes.
  setInterval(() => {
    const samples = watched.flatMap((databaseId) =>
      someSamples(databaseId, 460)
        .slice(-1)
        .map((sample) => ({ databaseId, sample })),
    )
    if (samples.length > 0) publish({ type: 'stats', hostId: hosts[0]?.id ?? fail(), samples })
  }, closeBeatMs)

  return {
    platform: 'linux',
    drawn: () => undefined,
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async invoke(name, input): Promise<BridgeReply> {
      try {
        return { ok: true, value: await answer(answers, name, input) }
      } catch (thrown) {
        return { ok: false, error: toErrorData(thrown) }
      }
    },
  }
}

function answer(answers: Answers, name: string, input: unknown): unknown {
  const method = Object.entries(contract).find(([declared]) => declared === name)?.[1]
  const handler: unknown = Reflect.get(answers, name)
  if (method === undefined || !isHandler(handler)) {
    throw new QuaysideError('not_found', `The preview has no answer for ${name}.`)
  }
  return handler(method.input.parse(input))
}

function isHandler(value: unknown): value is (input: unknown) => unknown {
  return typeof value === 'function'
}

function fail(): never {
  throw new Error('The preview data lacks it.')
}
