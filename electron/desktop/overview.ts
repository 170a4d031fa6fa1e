import type { AppState } from '../../shared/contract/app.ts'
import type { BackupFreshness } from '../../shared/contract/backups.ts'
import type { DatabaseView } from '../../shared/contract/databases.ts'
import type { HostView } from '../../shared/contract/hosts.ts'
import type { JobView } from '../../shared/contract/jobs.ts'
import type { Settings } from '../../shared/contract/settings.ts'
import type { TunnelView } from '../../shared/contract/tunnels.ts'
import type { QuaysideEvent } from '../../shared/events.ts'
import type { Core } from '../domain/core.ts'
import type { Clock, Log } from '../domain/ports.ts'
import { isAborted } from '../domain/is-aborted.ts'

/** What the desktop shows beside the window: in the tray, by notifications. */
export interface Overview {
  readonly hosts: readonly HostView[]
  readonly databases: readonly DatabaseView[]
  readonly tunnels: readonly TunnelView[]
  readonly jobs: readonly JobView[]
  readonly freshness: readonly BackupFreshness[]
  readonly settings: Settings
  readonly app: AppState
}

export interface OverviewDeps {
  core: Core
  clock: Clock
  log: Log
  /** Ends it. */
  signal: AbortSignal
}

/** How long after the start the first look is made, milliseconds. */
const startMs = 1_000
/** A burst of news is answered by one look, milliseconds. */
const gapMs = 500
/** Between the reads of one look, milliseconds. */
const breathMs = 5
/** How soon it is looked again where a notice waits for its time. */
const waitingMs = 10_000
/** How old a part that nothing was told of may be: time alone makes a backup late. */
const oldMs = 60_000

type Topic = Extract<QuaysideEvent, { type: 'changed' }>['topic']

/** What each part is made of: only news of these can change it, beside time. Hosts tell of each ping. */
const sources: Readonly<Record<keyof Overview, readonly Topic[]>> = {
  hosts: ['hosts'],
  databases: ['databases'],
  tunnels: ['tunnels'],
  jobs: ['jobs'],
  // What hosts and databases tell makes no backup older: a new one comes with its job.
  freshness: ['backups', 'schedules', 'jobs'],
  settings: ['settings'],
  app: ['app'],
}

/**
 * Looks at what the core tells to have changed, and tells the listener what there is. The parts that
 * nothing was told of are kept: while one host is busy, hundreds of jobs are not read for it.
 *
 * @param onLook tells whether time alone can make news of what it was given
 */
export function followOverview(
  { core, clock, log, signal }: OverviewDeps,
  onLook: (overview: Overview) => boolean,
): void {
  let held: Overview | null = null
  /** When all of it was read last. */
  let wholeAt = -Infinity
  const dirty = new Set<Topic>()
  let wake: () => void = () => undefined
  const stop = core.onEvent((event) => {
    if (event.type !== 'changed') return
    dirty.add(event.topic)
    wake()
  })
  signal.addEventListener('abort', () => {
    stop()
    wake()
  })

  async function look(told: ReadonlySet<Topic>): Promise<Overview> {
    const before = held
    /** A part as it is now, or as it was where nothing was told of it. */
    const part = async <K extends keyof Overview>(
      name: K,
      read: () => Promise<Overview[K]>,
    ): Promise<Overview[K]> => {
      if (before !== null && !sources[name].some((topic) => told.has(topic))) return before[name]
      // Each read holds the process up for a moment: the window's calls come in between.
      await clock.sleep(breathMs, signal)
      return read()
    }
    return {
      hosts: await part('hosts', () => core.hosts.list({})),
      databases: await part('databases', () => core.databases.list({})),
      tunnels: await part('tunnels', () => core.tunnels.list({})),
      jobs: await part('jobs', () => core.jobs.list({ limit: 100 })),
      freshness: await part('freshness', () => core.backups.freshness({})),
      settings: await part('settings', () => core.settings.get({})),
      app: await part('app', () => core.app.state({})),
    }
  }

  /** Until something has changed, or until `ms` have passed. */
  async function news(ms: number): Promise<void> {
    const timer = new AbortController()
    await new Promise<void>((resolve, reject) => {
      wake = resolve
      if (dirty.size > 0 || signal.aborted) resolve()
      clock.sleep(ms, timer.signal).then(resolve, reject)
    }).finally(() => {
      wake = () => undefined
      timer.abort()
    })
  }

  async function run(): Promise<void> {
    // The window comes first.
    await clock.sleep(startMs, signal)
    while (!signal.aborted) {
      const told = new Set(dirty)
      dirty.clear()
      // Time alone has brought it here, or nothing is known yet: then it is all of it.
      const age = Math.abs(clock.now() - wholeAt)
      if (told.size === 0 || age >= oldMs) held = null
      if (held === null) wholeAt = clock.now()
      let waits = false
      try {
        const overview = await look(told)
        if (isAborted(signal)) return
        held = overview
        waits = onLook(overview)
      } catch (thrown) {
        if (isAborted(signal)) return
        held = null
        log.error('the desktop could not look at what there is', thrown)
      }
      await news(waits ? waitingMs : oldMs)
      await clock.sleep(gapMs, signal).catch(() => undefined)
    }
  }
  run().catch((thrown: unknown) => {
    if (!signal.aborted) log.error('the desktop no longer follows what there is', thrown)
  })
}
