import { homedir } from 'node:os'
import { join } from 'node:path'
import { appInfoSchema } from '../shared/contract/app.ts'
import { createClock } from './adapters/clock/index.ts'
import {
  checkLocalDocker,
  createDocker,
  createLocalHost,
  findLocalDocker,
} from './adapters/docker/index.ts'
import { createHeavyThread } from './adapters/heavy-thread/index.ts'
import { createSecrets } from './adapters/keychain/index.ts'
import { createDiagnostics, type Diagnostics } from './adapters/log/index.ts'
import { createLoopback } from './adapters/loopback/index.ts'
import { probePort, watchNetwork } from './adapters/network/index.ts'
import { createSettingsFile } from './adapters/settings/index.ts'
import { createHostConnector } from './adapters/ssh/index.ts'
import { composeBackups } from './compose/backups.ts'
import { composeDatabases } from './compose/databases.ts'
import { composeJobs } from './compose/jobs.ts'
import { openHome } from './compose/open-home.ts'
import { destinationKinds } from './destinations/index.ts'
import { engines as installedEngines } from './engines/index.ts'
import { usesOf } from './domain/backups/destination-uses.ts'
import { createHostVolumes } from './domain/backups/host-volumes.ts'
import { pickToolImage } from './domain/backups/tool-image.ts'
import type { Core } from './domain/core.ts'
import { createStoredSamples } from './domain/destinations/stored-samples.ts'
import { createApp } from './domain/app/app.ts'
import { createStoreTrouble } from './domain/app/store-trouble.ts'
import { createLiveView } from './domain/databases/live.ts'
import { createDestinations } from './domain/destinations/destinations.ts'
import { createEngines } from './domain/engines.ts'
import { createEventBus } from './domain/event-bus.ts'
import { createFileChoice } from './domain/file-choice.ts'
import { createHostRegistry } from './domain/hosts/host-registry.ts'
import { createHosts } from './domain/hosts/hosts.ts'
import { createFactsBeat } from './domain/hosts/facts-beat.ts'
import { recogniseServers } from './domain/hosts/known-servers.ts'
import { installDockerJob } from './domain/hosts/install-docker.ts'
import { readLoginSecret } from './domain/hosts/login-secret.ts'
import { eraseInput } from './domain/jobs/job-definition.ts'
import type { Part } from './domain/jobs/job-worker.ts'
import type { StepHook } from './domain/jobs/run-job.ts'
import { createLogs } from './domain/logs/logs.ts'
import type {
  AppLife,
  Clipboard,
  Clock,
  FileDialogs,
  FileSaver,
  Secrets,
  Stores,
} from './domain/ports.ts'
import { createMetrics } from './domain/metrics/metrics.ts'
import { createSecretsService } from './domain/secrets/secrets.ts'
import { createSettings } from './domain/settings/settings.ts'
import { createTunnels } from './domain/tunnels/tunnels.ts'

/** What another process may have changed when the revision of the records has risen. */
const foreignTopics = [
  'hosts',
  'databases',
  'tunnels',
  'jobs',
  'destinations',
  'backups',
  'schedules',
] as const

export interface ComposeOptions {
  /** The folder that holds all data of this installation. */
  home: string
  version: string
  clipboard?: Clipboard
  files?: FileSaver
  dialogs?: FileDialogs
  life?: AppLife
  /** Set by a face that will `watch`: its lists tell what is known, also before, and ask no host. */
  watches?: boolean
  /** Those of a face that writes to the log by itself; made here where not given. */
  diagnostics?: Diagnostics
  /** Told at every boundary of a job's step, so that a test can stop the world there. */
  onStep?: StepHook
  /** The module of the thread in which heavy jobs run; they run here where it isn't given. */
  heavyModule?: URL
  /** The records, where a face has opened them already; the core closes them. */
  stores?: Stores
  /** For the core inside that thread: its name among the owners of jobs, and the main thread's keychain. */
  heavy?: { owner: string; secrets: Secrets }
}

interface Follower {
  follow(): void
  stop(): void | Promise<void>
}

/**
 * Builds the core: every adapter, store, service and job, once, by hand. Free of Electron.
 * @throws QuaysideError `store_newer`, `store_damaged`, `store_busy`, `disk_full`
 */
export async function compose(options: ComposeOptions): Promise<Core> {
  const clock = createClock()
  const { home, heavy } = options
  const stores = options.stores ?? (await openHome({ home, clock, owner: heavy?.owner }))
  return build({ ...options, stores, clock })
}

function build({
  home,
  version,
  clipboard,
  files,
  dialogs,
  life,
  watches = false,
  diagnostics = createDiagnostics(home),
  onStep = () => undefined,
  heavyModule,
  heavy,
  stores,
  clock,
}: ComposeOptions & { stores: Stores; clock: Clock }): Core {
  // ── adapters
  const { log, redact } = diagnostics
  const secrets = heavy?.secrets ?? createSecrets({ home, service: 'Quayside', clock, redact })
  const loopback = createLoopback()
  const connector = createHostConnector({
    home,
    homeDir: homedir(),
    env: process.env,
    clock,
    loginSecret: (record) => readLoginSecret(secrets, record),
    log,
    dockerOver: (transport) => createDocker({ transport: { kind: 'agent', ...transport } }),
    local: {
      open: (record) => createLocalHost({ record, clock }),
      check: checkLocalDocker,
      find: findLocalDocker,
    },
  })

  // ── the middle
  const bus = createEventBus(log)
  const publish = bus.publish
  const engines = createEngines(installedEngines)
  const registry = createHostRegistry({ stores, connector, publish })
  const storeTrouble = createStoreTrouble({ log, publish })
  life?.onChange(() => publish({ type: 'changed', topic: 'app' }))
  const live = createLiveView({ stores, registry, clock, publish, log, storeTrouble })
  let watching = false
  const isWatching = (): boolean => watching
  const asksHosts = (): boolean => !watches && !watching
  const tunnels = createTunnels({
    stores,
    registry,
    loopback,
    clock,
    publish,
    log,
    keeps: isWatching,
  })

  // ── where backups go
  const destinations = createDestinations({
    stores,
    secrets,
    clock,
    publish,
    kinds: destinationKinds,
    volumes: createHostVolumes({
      registry,
      imageFor: (hostId, docker, signal) =>
        pickToolImage(
          { databases: stores.databases.list(), engines: installedEngines },
          hostId,
          (repositories) => docker.listImages(repositories, { signal }),
        ),
    }),
    uses: (id) => usesOf(stores, id),
  })

  const storedSamples = createStoredSamples({ stores, clock, log })

  // ── jobs
  const jobDeps = { stores, secrets, clock, publish, registry, engines }
  const forDatabases = composeDatabases(jobDeps)
  const installDocker = installDockerJob({
    stores,
    clock,
    connector,
    registry,
    loginSecret: (record) => readLoginSecret(secrets, record),
  })
  const forBackups = composeBackups({
    ...jobDeps,
    log,
    version,
    clipboard: clipboard ?? null,
    files: files ?? null,
    openDestination: destinations.open,
    temporary: join(home, 'temporary'),
  })
  const thread =
    heavyModule === undefined
      ? null
      : createHeavyThread({ module: heavyModule, home, version, secrets, log, publish })
  const elsewhere: Part = thread === null ? { jobs: 'all' } : { jobs: 'light', thread }
  const { jobs, worker, running } = composeJobs({
    stores,
    clock,
    log,
    bus,
    kinds: [eraseInput(installDocker), ...forDatabases.kinds, ...forBackups.kinds],
    part: heavy === undefined ? elsewhere : { jobs: 'heavy' },
    onStep,
  })

  // ── services
  let closed = false
  let stopNetwork: (() => void) | undefined
  const hosts = createHosts({
    stores,
    secrets,
    clock,
    log,
    publish,
    connector,
    registry,
    probePort,
    recognise: recogniseServers(installedEngines.map(({ mark }) => mark)),
    jobs,
    installDocker,
    asksHosts,
  })
  const factsBeat = createFactsBeat({
    stores,
    registry,
    clock,
    log,
    read: (id, signal) => hosts.facts({ id }, { signal }),
  })
  const databases = forDatabases.serve({
    jobs,
    live,
    tunnels,
    clipboard: clipboard ?? null,
    asksHosts,
  })
  const {
    backups,
    restores,
    transfers,
    schedules,
    scheduler,
    looks,
    importPasswords,
    recoveryKey,
    rotateKey,
  } = forBackups.serve(jobs)
  const metrics = createMetrics({ stores, secrets, registry, engines, clock, publish, log })
  const logs = createLogs({
    stores,
    secrets,
    registry,
    clock,
    publish,
    log,
    redact: redact.text,
    files: files ?? null,
  })
  const appInfo = appInfoSchema.parse({ version, platform: process.platform, home })

  /** What goes on by itself while a face watches. */
  const followers: readonly Follower[] = [
    scheduler,
    looks,
    importPasswords,
    factsBeat,
    storedSamples,
  ]

  const settleTunnels = (): void => {
    tunnels.settle().catch((thrown: unknown) => log.error('tunnels did not settle', thrown))
  }
  bus.subscribe((event) => {
    // What the thread of heavy jobs changes is told here too.
    if (heavy === undefined && event.type === 'changed' && event.topic === 'backups')
      storedSamples.take()
  })
  bus.subscribe((event) => {
    if (event.type !== 'changed' || event.topic !== 'databases') return
    settleTunnels()
    metrics.changed()
  })
  stores.onForeignChange(() => {
    if (watching) registry.openAll()
    for (const topic of foreignTopics) publish({ type: 'changed', topic })
  })
  registry.onOpen((record) => {
    if (watching) live.follow(record.id)
  })

  return {
    app: createApp({ info: appInfo, storeTrouble, life: life ?? null }),
    hosts,
    engines,
    databases,
    tunnels,
    backups,
    restores,
    transfers,
    schedules,
    recoveryKey,
    jobs,
    metrics,
    logs,
    destinations: {
      ...destinations.service,
      rotateKey,
      stored: storedSamples.stored,
    },
    files: createFileChoice(dialogs ?? null),
    settings: createSettings({ store: createSettingsFile({ home, log }), publish }),
    secrets: createSecretsService({
      secrets,
      publish,
      onReady: () => {
        registry.secretsReady()
        thread?.secretsReady()
      },
    }),
    onEvent: bus.subscribe,
    work: () => worker.takeAll(),
    watch: () => {
      watching = true
      stopNetwork ??= watchNetwork(() => registry.probeAll())
      registry.openAll()
      for (const record of stores.hosts.list()) live.follow(record.id)
      settleTunnels()
      for (const follower of followers) follower.follow()
    },
    wake: () => {
      registry.probeAll()
      scheduler.wake()
    },
    runDueSchedules: scheduler.runDue,
    forgetOldPasswords: importPasswords.forgetOld,
    waitForJob: (id, signal) => jobs.waitFor(id, signal),
    runningJobs: running,
    close: async () => {
      if (closed) return
      closed = true
      stopNetwork?.()
      for (const follower of followers) await follower.stop()
      await worker.stop()
      live.stop()
      logs.stop()
      await metrics.stop()
      await tunnels.closeAll()
      await registry.closeAll()
      await secrets.settle()
      try {
        stores.processes.leave()
      } catch (thrown) {
        // That it is gone shows by its process too.
        log.warn('this process could not sign off', { reason: String(thrown) })
      }
      stores.close()
    },
  }
}
