import type { BackupFreshness } from '../../shared/contract/backups.ts'
import type { DatabaseView } from '../../shared/contract/databases.ts'
import type { HostView } from '../../shared/contract/hosts.ts'
import type { JobView } from '../../shared/contract/jobs.ts'
import type { Settings } from '../../shared/contract/settings.ts'
import type { TunnelView } from '../../shared/contract/tunnels.ts'
import type { Core } from '../domain/core.ts'
import type { Clock, Log } from '../domain/ports.ts'

/** What the desktop shows beside the window: in the tray, by notifications. */
export interface Overview {
  readonly hosts: readonly HostView[]
  readonly databases: readonly DatabaseView[]
  readonly tunnels: readonly TunnelView[]
  readonly jobs: readonly JobView[]
  readonly freshness: readonly BackupFreshness[]
  readonly settings: Settings
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
/** While a host is away, time alone can make news of it. */
const waitingMs = 10_000

/** Looks at everything after the core has told of a change, and tells the listener what there is. */
export function followOverview(
  { core, clock, log, signal }: OverviewDeps,
  onLook: (overview: Overview) => void,
): void {
  let dirty = true
  let wake: () => void = () => undefined
  const stop = core.onEvent((event) => {
    if (event.type !== 'changed') return
    dirty = true
    wake()
  })
  signal.addEventListener('abort', () => {
    stop()
    wake()
  })

  async function look(): Promise<Overview> {
    const [hosts, databases, tunnels, jobs, freshness, settings] = await Promise.all([
      core.hosts.list({}),
      core.databases.list({}),
      core.tunnels.list({}),
      core.jobs.list({ limit: 100 }),
      core.backups.freshness({}),
      core.settings.get({}),
    ])
    return { hosts, databases, tunnels, jobs, freshness, settings }
  }

  /** Until something has changed, or until `ms` have passed. */
  async function news(ms: number | null): Promise<void> {
    const timer = new AbortController()
    await new Promise<void>((resolve, reject) => {
      wake = resolve
      if (dirty || signal.aborted) resolve()
      if (ms !== null) clock.sleep(ms, timer.signal).then(resolve, reject)
    }).finally(() => {
      wake = () => undefined
      timer.abort()
    })
  }

  async function run(): Promise<void> {
    // The window comes first.
    await clock.sleep(startMs, signal)
    while (!signal.aborted) {
      dirty = false
      let away = false
      try {
        const overview = await look()
        if (isAborted(signal)) return
        away = overview.hosts.some(({ status }) => !answers(status.state))
        onLook(overview)
      } catch (thrown) {
        if (isAborted(signal)) return
        log.error('the desktop could not look at what there is', thrown)
      }
      await news(away ? waitingMs : null)
      await clock.sleep(gapMs, signal).catch(() => undefined)
    }
  }
  run().catch((thrown: unknown) => {
    if (!signal.aborted) log.error('the desktop no longer follows what there is', thrown)
  })
}

/** True for a host whose databases can be seen. */
export function answers(state: HostView['status']['state']): boolean {
  return state === 'ready' || state === 'degraded'
}

/** Asked anew: it may have been aborted during an `await`. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}
