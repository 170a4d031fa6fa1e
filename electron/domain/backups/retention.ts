import type { Retention } from '../../../shared/contract/schedules.ts'
import { periodNamer, type Period } from './calendar.ts'

/** What retention has to know of one copy of a backup. */
export interface RetentionItem {
  /** Unlike that of every other copy in the list. */
  id: string
  /** Epoch milliseconds. */
  createdAt: number
  /** Read back whole since it was made, and nothing is known to be wrong with it. */
  verified: boolean
  /** A restore, a check or a copy reads it now. */
  inUse: boolean
  /** As stored. */
  bytes: number
}

/** The copies of one database's backups at one destination. */
export interface RetentionView {
  items: readonly RetentionItem[]
  /** False unless the destination's listing came to its end: what was not seen can't be judged. */
  complete: boolean
  /** Epoch milliseconds. */
  now: number
  /** Whether the clock of this computer jumped since it was last looked at. */
  clockJumped: boolean
  /** IANA name; days, weeks and months are those of its calendar. */
  timeZone: string
}

/** Why nothing is removed. */
export type RetentionHold = 'listing-incomplete' | 'nothing-listed' | 'clock' | 'nothing-verified'

export interface RetentionDecision {
  /** Oldest first. */
  remove: readonly RetentionItem[]
  keep: readonly RetentionItem[]
  hold: RetentionHold | null
}

/** A copy may be that much younger than now before the clock is not believed, milliseconds. */
const clockToleranceMs = 86_400_000

const periods: readonly (readonly ['hourly' | 'daily' | 'weekly' | 'monthly', Period])[] = [
  ['hourly', 'hour'],
  ['daily', 'day'],
  ['weekly', 'week'],
  ['monthly', 'month'],
]

/**
 * Decides which copies go. Pure, and careful to a fault: only verified copies count as kept, the
 * newest verified one and all that is younger stays whatever the policy says, a limit of size takes none
 * of the last ones that the policy names, what is in use stays, and where anything about the list or the clock is in doubt, nothing goes.
 */
export function decideRetention(view: RetentionView, policy: Retention): RetentionDecision {
  const newestFirst = view.items.toSorted((a, b) => b.createdAt - a.createdAt || order(b.id, a.id))
  const all = (hold: RetentionHold): RetentionDecision => ({ remove: [], keep: newestFirst, hold })
  if (!view.complete) return all('listing-incomplete')
  const newest = newestFirst[0]
  if (newest === undefined) return all('nothing-listed')
  if (view.clockJumped || newest.createdAt > view.now + clockToleranceMs) return all('clock')
  const verified = newestFirst.filter((item) => item.verified)
  const newestGood = verified[0]
  if (newestGood === undefined) return all('nothing-verified')

  const least = Math.max(1, policy.last)
  const kept = new Set([
    ...verified.slice(0, least),
    ...keptByPeriod(verified, policy, view.timeZone),
  ])
  dropBySize(verified.slice(least), kept, policy.maxBytes)
  const stays = (item: RetentionItem): boolean =>
    kept.has(item) || item.inUse || item.createdAt >= newestGood.createdAt
  return {
    remove: newestFirst.filter((item) => !stays(item)).toReversed(),
    keep: newestFirst.filter(stays),
    hold: null,
  }
}

/** The newest of each of the latest periods that have one. */
function keptByPeriod(
  verified: readonly RetentionItem[],
  policy: Retention,
  timeZone: string,
): RetentionItem[] {
  const nameOf = periodNamer(timeZone)
  return periods.flatMap(([line, period]) => {
    const newestOf = new Map<string, RetentionItem>()
    for (const item of verified) {
      const name = nameOf(item.createdAt, period)
      if (newestOf.has(name)) continue
      if (newestOf.size >= policy[line]) break
      newestOf.set(name, item)
    }
    return [...newestOf.values()]
  })
}

/** Gives up the oldest that may go until the rest fits. */
function dropBySize(
  mayGo: readonly RetentionItem[],
  kept: Set<RetentionItem>,
  maxBytes: number | null,
): void {
  if (maxBytes === null) return
  let bytes = [...kept].reduce((sum, item) => sum + item.bytes, 0)
  for (const item of mayGo.toReversed()) {
    if (bytes <= maxBytes) return
    if (kept.delete(item)) bytes -= item.bytes
  }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
