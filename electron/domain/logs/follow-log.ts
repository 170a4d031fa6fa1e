import type { LogLine, LogNews } from '../../../shared/contract/logs.ts'
import {
  QuaysideError,
  toErrorData,
  type ErrorCode,
  type ErrorData,
} from '../../../shared/errors.ts'
import { findContainer, requireContainer } from '../databases/server.ts'
import type { HostRegistry } from '../hosts/host-registry.ts'
import type { Clock, DatabaseRecord, Host } from '../ports.ts'
import { readLine } from './log-text.ts'
import { createLogPlace } from './resume.ts'

/** What comes faster is gathered, milliseconds. */
const gapMs = 100
/** With as many gathered, Docker waits until they are handed over. */
const mostAtOnce = 2_000
/** Between two looks whether a stopped container runs again, milliseconds. */
const lookMs = 3_000
/** Before a log that broke off is asked for again, milliseconds. */
const retryMs = 500
/** Errors of the way to Docker go away by themselves. */
const passing: ReadonlySet<ErrorCode> = new Set(['host_lost', 'host_unreachable', 'docker_down'])

export interface FollowDeps {
  registry: Pick<HostRegistry, 'ready' | 'record'>
  clock: Clock
  redact: (text: string) => string
  record: () => DatabaseRecord
  tell: (news: Omit<LogNews, 'follower'>) => void
}

export interface FollowOptions {
  follow: boolean
  tail: number | null
  since: number | null
  signal: AbortSignal
}

/**
 * Tells the lines of a database's container until it is aborted; without `follow` until the newest.
 * After a lost link, and over a restart, it goes on behind the last line.
 * @throws QuaysideError what only the user can mend
 */
export async function followLog(deps: FollowDeps, options: FollowOptions): Promise<number> {
  const { registry, clock, redact, record, tell } = deps
  const { follow, signal } = options
  const place = createLogPlace()
  let count = 0
  let waiting: LogLine[] = []
  let state: LogNews['state'] = 'following'
  /** Why it waits. */
  let reason: ErrorData | null = null
  let toldAt = performance.now()

  const flush = (): void => {
    tell({ state, error: reason, first: count, lines: waiting })
    count += waiting.length
    waiting = []
    toldAt = performance.now()
  }
  const change = (next: LogNews['state'], error: ErrorData | null = null): void => {
    const same = next === state && error?.message === reason?.message
    if (same && waiting.length === 0) return
    state = next
    reason = error
    flush()
  }
  const untilDue = async (): Promise<void> => {
    const left = toldAt + gapMs - performance.now()
    if (left > 0) await clock.sleep(left, signal)
  }

  const readOnce = async (host: Host): Promise<void> => {
    const container = await requireContainer(
      host.docker(),
      record(),
      registry.record(record().hostId).name,
      signal,
    )
    const from = place.since()
    place.resume()
    const own = new AbortController()
    const stop = (): void => own.abort()
    signal.addEventListener('abort', stop, { once: true })
    const pieces = host.docker().followLogs(container.id, {
      follow,
      // From a known moment all are asked for: how many there were since is not known.
      tail: from === null ? options.tail : null,
      since: from ?? sinceOf(options.since),
      signal: own.signal,
    })
    let flushing: Promise<void> | null = null
    const flushSoon = async (): Promise<void> => {
      // Aborted, there is nobody to tell any more.
      await untilDue().catch(() => undefined)
      flushing = null
      if (!signal.aborted) flush()
    }
    try {
      if (state !== 'following' && container.state === 'running') change('following')
      // Also a log that is silent is told to be open.
      if (follow && count === 0 && container.state === 'running') flushing = flushSoon()
      for await (const lines of pieces) {
        for (const line of place.fresh(lines)) waiting.push(readLine(line, redact))
        if (waiting.length >= mostAtOnce) {
          await untilDue()
          flush()
        } else if (waiting.length > 0) {
          flushing ??= flushSoon()
        }
      }
    } finally {
      signal.removeEventListener('abort', stop)
      own.abort()
    }
    if (flushing !== null) await flushing
  }

  const untilRunning = async (host: Host): Promise<void> => {
    for (;;) {
      const container = await findContainer(host.docker(), record(), signal)
      if (container?.state === 'running') return
      change('stopped')
      await clock.sleep(lookMs, signal)
    }
  }

  try {
    for (let first = true; !signal.aborted; first = false) {
      try {
        const host = await registry.ready(record().hostId, signal)
        await readOnce(host)
        if (first || waiting.length > 0) flush()
        if (!follow) return count
        await untilRunning(host)
      } catch (thrown) {
        signal.throwIfAborted()
        if (!follow || !passes(thrown)) throw thrown
        change('waiting', toErrorData(thrown))
      }
      await clock.sleep(retryMs, signal)
    }
  } catch (thrown) {
    if (!signal.aborted) throw thrown
  }
  return count
}

function passes(thrown: unknown): boolean {
  return thrown instanceof QuaysideError && passing.has(thrown.code)
}

function sinceOf(at: number | null): string | null {
  return at === null ? null : (at / 1000).toFixed(9)
}
