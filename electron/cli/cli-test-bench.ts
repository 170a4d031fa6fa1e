import { PassThrough, Writable } from 'node:stream'
import type { Core, Service } from '../domain/core.ts'
import type { CliIo } from './io.ts'
import { run } from './run.ts'

/** The parts of a core that a test's command uses; any other call fails the test. */
export type CoreParts = {
  readonly [
    N in
      | 'app'
      | 'hosts'
      | 'engines'
      | 'databases'
      | 'destinations'
      | 'tunnels'
      | 'backups'
      | 'restores'
      | 'files'
      | 'transfers'
      | 'schedules'
      | 'recoveryKey'
      | 'jobs'
      | 'metrics'
      | 'logs'
      | 'secrets'
      | 'settings'
  ]?: Partial<Service<N>>
} & Partial<
  Pick<Core, 'onEvent' | 'work' | 'runDueSchedules' | 'waitForJob' | 'runningJobs' | 'close'>
>

/** What a command said and how it ended. */
export interface Outcome {
  code: number
  stdout: string
  stderr: string
}

/** How a test's terminal is. */
export interface Bench {
  core?: CoreParts
  stdin?: string
  env?: Record<string, string>
  /** True where a person sits: answers come from `stdin`. */
  terminal?: boolean
  /** What `databases.copy` hands out. */
  copied?: string
  /** How many writes to stdout are read before its reader goes; all of them without a number. */
  reads?: number
  /** Gets the function that presses Ctrl-C. */
  onStart?: (interrupt: () => void) => void
}

/** Runs a command line over a small core of the test's own. */
export async function runOn(bench: Bench, ...argv: string[]): Promise<Outcome> {
  const stdout = new Catcher(bench.terminal, bench.reads)
  const stderr = new Catcher(bench.terminal)
  const interrupts = new Set<() => void>()
  const stdin: CliIo['stdin'] = Object.assign(new PassThrough(), { isTTY: bench.terminal })
  stdin.push(bench.stdin ?? '')
  if (bench.terminal !== true) stdin.push(null)
  const io: CliIo = {
    stdin,
    stdout,
    stderr,
    env: bench.env ?? {},
    now: () => Date.UTC(2026, 0, 2, 12),
    onSignal(listener) {
      interrupts.add(listener)
      return () => interrupts.delete(listener)
    },
    exitNow(code) {
      throw new Error(`ended by force with ${code}`)
    },
  }
  bench.onStart?.(() => {
    for (const interrupt of [...interrupts]) interrupt()
  })
  const core = createTestCore(bench.core ?? {})
  const openCore = () =>
    Promise.resolve({
      core,
      copied: async (work: () => Promise<unknown>) => {
        await work()
        return bench.copied ?? ''
      },
    })
  const code = await run(argv, { io, version: '1.2.3', openCore })
  return { code, stdout: stdout.text, stderr: stderr.text }
}

class Catcher extends Writable {
  text = ''
  readonly isTTY: boolean | undefined
  #reads: number

  constructor(isTTY: boolean | undefined, reads = Infinity) {
    super()
    this.isTTY = isTTY
    this.#reads = reads
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    if (this.#reads <= 0) {
      setImmediate(done, Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
      return
    }
    this.#reads -= 1
    this.text += chunk.toString()
    done()
  }
}

function createTestCore(parts: CoreParts): Core {
  const no = (name: string) => () => Promise.reject(new Error(`${name} is no part of this test`))
  return {
    app: {
      info: no('app.info'),
      state: no('app.state'),
      installUpdate: no('app.installUpdate'),
      stay: no('app.stay'),
      ...parts.app,
    },
    hosts: {
      list: no('hosts.list'),
      suggestions: no('hosts.suggestions'),
      check: no('hosts.check'),
      facts: no('hosts.facts'),
      lastFacts: no('hosts.lastFacts'),
      ports: no('hosts.ports'),
      planDockerInstall: no('hosts.planDockerInstall'),
      installDocker: no('hosts.installDocker'),
      add: no('hosts.add'),
      update: no('hosts.update'),
      reconnect: no('hosts.reconnect'),
      trustNewKey: no('hosts.trustNewKey'),
      setSecret: no('hosts.setSecret'),
      remove: no('hosts.remove'),
      ...parts.hosts,
    },
    backups: {
      list: no('backups.list'),
      tables: no('backups.tables'),
      freshness: no('backups.freshness'),
      create: no('backups.create'),
      verify: no('backups.verify'),
      testRestore: no('backups.testRestore'),
      remove: no('backups.remove'),
      scan: no('backups.scan'),
      looks: no('backups.looks'),
      look: no('backups.look'),
      ...parts.backups,
    },
    transfers: {
      exportFile: no('transfers.exportFile'),
      planFile: no('transfers.planFile'),
      importFile: no('transfers.importFile'),
      planServer: no('transfers.planServer'),
      importServer: no('transfers.importServer'),
      ...parts.transfers,
    },
    restores: {
      plan: no('restores.plan'),
      start: no('restores.start'),
      ...parts.restores,
    },
    recoveryKey: {
      status: no('recoveryKey.status'),
      reveal: no('recoveryKey.reveal'),
      copy: no('recoveryKey.copy'),
      saveFile: no('recoveryKey.saveFile'),
      confirm: no('recoveryKey.confirm'),
      enter: no('recoveryKey.enter'),
      ...parts.recoveryKey,
    },
    schedules: {
      list: no('schedules.list'),
      create: no('schedules.create'),
      update: no('schedules.update'),
      remove: no('schedules.remove'),
      runNow: no('schedules.runNow'),
      preview: no('schedules.preview'),
      ...parts.schedules,
    },
    engines: { list: no('engines.list'), ...parts.engines },
    databases: {
      list: no('databases.list'),
      read: no('databases.read'),
      plan: no('databases.plan'),
      create: no('databases.create'),
      stats: no('databases.stats'),
      start: no('databases.start'),
      stop: no('databases.stop'),
      restart: no('databases.restart'),
      delete: no('databases.delete'),
      undelete: no('databases.undelete'),
      purge: no('databases.purge'),
      setProtection: no('databases.setProtection'),
      connection: no('databases.connection'),
      reveal: no('databases.reveal'),
      copy: no('databases.copy'),
      ...parts.databases,
    },
    tunnels: {
      list: no('tunnels.list'),
      open: no('tunnels.open'),
      close: no('tunnels.close'),
      ...parts.tunnels,
    },
    jobs: {
      list: no('jobs.list'),
      get: no('jobs.get'),
      cancel: no('jobs.cancel'),
      retry: no('jobs.retry'),
      ...parts.jobs,
    },
    metrics: {
      watch: no('metrics.watch'),
      history: no('metrics.history'),
      ...parts.metrics,
    },
    logs: {
      follow: no('logs.follow'),
      unfollow: no('logs.unfollow'),
      download: no('logs.download'),
      ...parts.logs,
    },
    destinations: {
      kinds: no('destinations.kinds'),
      list: no('destinations.list'),
      stored: no('destinations.stored'),
      check: no('destinations.check'),
      add: no('destinations.add'),
      update: no('destinations.update'),
      remove: no('destinations.remove'),
      rotateKey: no('destinations.rotateKey'),
      ...parts.destinations,
    },
    files: { choose: no('files.choose'), ...parts.files },
    settings: { get: no('settings.get'), set: no('settings.set'), ...parts.settings },
    secrets: {
      status: () => Promise.resolve({ place: 'keychain', state: 'ready', error: null }),
      createVault: no('secrets.createVault'),
      unlockVault: no('secrets.unlockVault'),
      ...parts.secrets,
    },
    onEvent: parts.onEvent ?? (() => () => undefined),
    work: parts.work ?? (() => undefined),
    watch: () => {
      throw new Error('A command line does not watch.')
    },
    wake: () => {
      throw new Error('A command line does not sleep.')
    },
    runDueSchedules: parts.runDueSchedules ?? (() => []),
    forgetOldPasswords: () => Promise.resolve(),
    waitForJob: parts.waitForJob ?? no('waitForJob'),
    runningJobs: parts.runningJobs ?? (() => []),
    close: parts.close ?? (() => Promise.resolve()),
  }
}
