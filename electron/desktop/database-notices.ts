import type { DatabaseView } from '../../shared/contract/databases.ts'
import type { HostId } from '../../shared/contract/hosts.ts'
import { fullName, nameOnHost } from '../../shared/names.ts'
import {
  fewFailures,
  hasSlept,
  jobEchoMs,
  worthAWordMs,
  type Current,
  type Notice,
  type Seen,
} from './notice.ts'

export interface SeenDatabase {
  /** The last one that was known. */
  readonly status: DatabaseView['status'] | null
  /** When its failure was told last. */
  readonly failureTold: number | null
  /** Since when it needs a look; null where it does not, or did already at the start. */
  readonly uneasySince: number | null
  /** When it was last seen to need a look: one that is started again and again runs in between. */
  readonly uneasyAt: number | null
  /** When it was told last that it needs a look. */
  readonly uneaseTold: number | null
}

/** After one that is done, the host may still tell of what was on the way. */
const doneEchoMs = 2_000
/** One that fails again and again is told of once in this time. */
const againMs = 10 * 60_000
/**
 * Docker waits up to a minute before it starts one again that has stopped by itself: what has run
 * for longer than this runs.
 */
const calmMs = 75_000

/** What is news of a database: it failed, or has needed a look for a while. */
export type Broken = 'failed' | 'attention'

/** What is to be remembered of a database, and whether it is news. */
export function seeDatabase(
  previous: Seen | null,
  current: Current,
  database: DatabaseView,
  now: number,
): { seen: SeenDatabase; news: Broken | null } {
  const before = previous?.databases.get(database.id)
  const { uneasySince, uneasyAt } = unease(previous, before, database, now)
  const status = database.status === 'unknown' ? (before?.status ?? null) : database.status
  const { failureTold = null, uneaseTold = null } = before ?? {}
  const seen: SeenDatabase = { status, failureTold, uneasySince, uneasyAt, uneaseTold }
  if (isFailure(before, database, now) && !isEcho(current, database, now)) {
    return { seen: { ...seen, failureTold: now }, news: 'failed' }
  }
  const lately = [failureTold, uneaseTold].some((told) => told !== null && now - told < againMs)
  const lasts = uneasySince !== null && now - uneasySince >= worthAWordMs
  if (database.status === 'attention' && lasts && !lately && database.jobId === null) {
    // Told once for as long as it lasts.
    return { seen: { ...seen, uneasySince: null, uneaseTold: now }, news: 'attention' }
  }
  return { seen, news: null }
}

/** True where what is known of it becomes news if it lasts. */
export function databaseWaits({ status, uneasySince }: SeenDatabase): boolean {
  return status === 'attention' && uneasySince !== null
}

function unease(
  previous: Seen | null,
  before: SeenDatabase | undefined,
  { status, jobId }: DatabaseView,
  now: number,
): Pick<SeenDatabase, 'uneasySince' | 'uneasyAt'> {
  const { uneasySince = null, uneasyAt = null } = before ?? {}
  if (status === 'unknown') return { uneasySince, uneasyAt }
  if (status === 'attention') {
    // What a job does to it is the job's news.
    if (jobId !== null) return { uneasySince: null, uneasyAt: null }
    // Nothing is news at the start.
    if (before === undefined || before.status === null) return { uneasySince: null, uneasyAt: now }
    if (uneasyAt === null) return { uneasySince: now, uneasyAt: now }
    const slept = uneasySince !== null && hasSlept(previous, now)
    return { uneasySince: slept ? now : uneasySince, uneasyAt: now }
  }
  const calm = status !== 'running' || uneasyAt === null || now - uneasyAt >= calmMs
  return calm ? { uneasySince: null, uneasyAt: null } : { uneasySince, uneasyAt }
}

function isFailure(before: SeenDatabase | undefined, database: DatabaseView, now: number): boolean {
  if (database.status !== 'failed' || database.jobId !== null) return false
  if (before === undefined || before.status === null || before.status === 'failed') return false
  return before.failureTold === null || now - before.failureTold >= againMs
}

/** True for what a job does to it or has just done: that is the job's news. */
function isEcho({ jobs }: Current, { id }: DatabaseView, now: number): boolean {
  return jobs.some(({ databaseId, endedAt, state }) => {
    const echoMs = state === 'done' ? doneEchoMs : jobEchoMs
    return databaseId === id && endedAt !== null && now - endedAt < echoMs
  })
}

/** One notice each while they are few; else one for each host. */
export function brokenNotices(kind: Broken, broken: readonly DatabaseView[]): Notice[] {
  const byHost = new Map<HostId, DatabaseView[]>()
  for (const each of broken) byHost.set(each.hostId, [...(byHost.get(each.hostId) ?? []), each])
  return [...byHost.values()].flatMap((own) => {
    if (own.length > fewFailures)
      return own.slice(0, 1).map((first) => manyBroken(kind, own, first))
    return own.map((database): Notice => {
      const { id, reason } = database
      const title = `${nameOnHost(database)} ${kind === 'failed' ? 'failed' : 'needs a look'}`
      const body = reason ?? 'Quayside shows what its host tells of it.'
      return { title, body, place: { kind: 'database', id } }
    })
  })
}

function manyBroken(
  kind: Broken,
  own: readonly DatabaseView[],
  { hostId, hostName }: DatabaseView,
): Notice {
  const words = kind === 'failed' ? 'failed' : 'need a look'
  return {
    title: `${own.length} databases on ${hostName} ${words}`,
    body: own.map(fullName).join(', '),
    place: { kind: 'host', id: hostId },
  }
}
