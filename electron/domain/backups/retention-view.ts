import type { ScheduleInput } from '../../../shared/contract/schedules.ts'
import type { CopyRecord } from '../ports.ts'
import { isDoubted } from './damaged-copy.ts'
import type { CopyUse } from './remove-copy.ts'
import { decideRetention, type RetentionHold, type RetentionItem } from './retention.ts'

/** What is decided of the copies of one database at one destination. */
export interface CopiesDecision {
  /** Oldest first. */
  remove: readonly CopyRecord[]
  keep: readonly CopyRecord[]
  /**
   * Copies of which it is not known whether they are whole: never read back, or found damaged by a single
   * read. They stay until they have been read.
   */
  unread: readonly CopyRecord[]
  /** What goes beside `remove` once those have been read and are as they should be. Oldest first. */
  onceRead: readonly CopyRecord[]
  hold: RetentionHold | null
}

/**
 * Copies of backups that somebody asked for are left out: they stay, and no policy counts them. Of the
 * others it asks every policy that holds for them: only what none of them keeps goes. A copy that was never read
 * back stays, since after a new start with an old destination that is all there is; so does one whose
 * key is not here, and one whose damage only one read has seen. One that is being read to find out
 * whether it is whole fills nobody's place until that is known.
 */
export function decideFor(
  copies: readonly CopyRecord[],
  policies: readonly Pick<ScheduleInput, 'retention' | 'timeZone'>[],
  around: { now: number; clockJumped: boolean; useOf: (copy: CopyRecord) => CopyUse },
): CopiesDecision {
  const there = copies.filter(({ problem }) => problem?.code !== 'not_found')
  const scheduled = there.filter(({ manifest }) => manifest.madeBy.schedule)
  const unread = scheduled.filter((copy) => neverRead(copy) || isDoubted(copy.problem))
  const decide = (allRead: boolean) => {
    const items = scheduled.map((copy): RetentionItem => {
      const { inUse, isTried } = around.useOf(copy)
      const isRead = copy.verifiedAt !== null && !isTried
      return {
        id: copy.backupId,
        createdAt: copy.madeAt,
        verified: copy.problem === null && (isRead || allRead),
        inUse: inUse || lacksKey(copy) || (!allRead && unread.includes(copy)),
        bytes: copy.storedBytes,
      }
    })
    const { now, clockJumped } = around
    const decisions = policies.map(({ retention, timeZone }) =>
      decideRetention({ items, complete: true, now, clockJumped, timeZone }, retention),
    )
    const goes = ({ backupId }: CopyRecord): boolean =>
      decisions.length > 0 &&
      decisions.every(({ remove }) => remove.some(({ id }) => id === backupId))
    return { goes, hold: decisions.find((decision) => decision.hold !== null)?.hold ?? null }
  }
  const { goes, hold } = decide(false)
  const later = decide(true)
  const oldestFirst = scheduled.toSorted((a, b) => a.madeAt - b.madeAt)
  return {
    remove: oldestFirst.filter(goes),
    keep: there.filter((copy) => !goes(copy)),
    unread,
    onceRead: oldestFirst.filter((copy) => later.goes(copy) && !goes(copy)),
    hold,
  }
}

function neverRead({ verifiedAt, problem }: CopyRecord): boolean {
  return verifiedAt === null && problem === null
}

function lacksKey({ problem }: CopyRecord): boolean {
  return problem?.code === 'backup_key_missing' || problem?.code === 'backup_key_wrong'
}
