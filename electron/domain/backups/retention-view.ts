import type { ScheduleInput } from '../../../shared/contract/schedules.ts'
import type { CopyRecord } from '../ports.ts'
import { decideRetention, type RetentionHold, type RetentionItem } from './retention.ts'

/** What is decided of the copies of one database at one destination. */
export interface CopiesDecision {
  /** Oldest first. */
  remove: readonly CopyRecord[]
  keep: readonly CopyRecord[]
  /** Copies of which it is not known whether they are whole; they stay until they have been read. */
  unread: readonly CopyRecord[]
  hold: RetentionHold | null
}

/**
 * Copies of backups that somebody asked for are left out: they stay, and no policy counts them. Of the
 * others it asks every policy that holds for them: only what none of them keeps goes. A copy that was never read
 * back stays, since after a new start with an old destination that is all there is; so does one whose
 * key is not here.
 */
export function decideFor(
  copies: readonly CopyRecord[],
  policies: readonly Pick<ScheduleInput, 'retention' | 'timeZone'>[],
  around: { now: number; clockJumped: boolean; inUse: (copy: CopyRecord) => boolean },
): CopiesDecision {
  const there = copies.filter(({ problem }) => problem?.code !== 'not_found')
  const scheduled = there.filter(({ manifest }) => manifest.madeBy.schedule)
  const unread = scheduled.filter((copy) => copy.verifiedAt === null && copy.problem === null)
  const items = scheduled.map((copy): RetentionItem => ({
    id: copy.backupId,
    createdAt: copy.madeAt,
    verified: copy.verifiedAt !== null && copy.problem === null,
    inUse: around.inUse(copy) || unread.includes(copy) || lacksKey(copy),
    bytes: copy.storedBytes,
  }))
  const decisions = policies.map(({ retention, timeZone }) =>
    decideRetention(
      { items, complete: true, now: around.now, clockJumped: around.clockJumped, timeZone },
      retention,
    ),
  )
  const hold = decisions.find((decision) => decision.hold !== null)?.hold ?? null
  const goes = ({ backupId }: CopyRecord): boolean =>
    decisions.length > 0 &&
    decisions.every(({ remove }) => remove.some(({ id }) => id === backupId))
  return {
    remove: scheduled.filter(goes).toSorted((a, b) => a.madeAt - b.madeAt),
    keep: there.filter((copy) => !goes(copy)),
    unread,
    hold,
  }
}

function lacksKey({ problem }: CopyRecord): boolean {
  return problem?.code === 'backup_key_missing' || problem?.code === 'backup_key_wrong'
}
