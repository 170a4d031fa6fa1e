import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { isLive } from '../../lib/database-state.ts'
import { plural } from '../../lib/format.ts'

export type BulkAct = 'start' | 'stop'

/** What doing one thing to several databases comes to. */
export interface BulkPlan {
  act: BulkAct
  run: readonly DatabaseView[]
  /** Those it is left undone for, and why. */
  skipped: readonly { database: DatabaseView; why: string }[]
  /** Those of `run` that the list does not show: filtered out, or under a folded host. */
  unseen: readonly DatabaseView[]
  /**
   * Asked first: production stops, where clients would lose their connection, or one that nobody sees is
   * among them.
   */
  asks: boolean
}

/**
 * Which of the databases would be started or stopped, and why the others would not.
 * @param shown the ids of those that stand in the list
 */
export function planBulk(
  act: BulkAct,
  databases: readonly DatabaseView[],
  shown: ReadonlySet<string>,
): BulkPlan {
  const judged = databases.map((database) => ({ database, why: reasonAgainst(act, database) }))
  const run = judged.filter(({ why }) => why === null).map(({ database }) => database)
  const unseen = run.filter(({ id }) => !shown.has(id))
  const stopsProduction =
    act === 'stop' && run.some(({ environment }) => environment === 'production')
  return {
    act,
    run,
    skipped: judged.flatMap(({ database, why }) => (why === null ? [] : [{ database, why }])),
    unseen,
    asks: stopsProduction || unseen.length > 0,
  }
}

function reasonAgainst(act: BulkAct, database: DatabaseView): string | null {
  const { status, jobId, reason } = database
  if (status === 'unknown') return reason ?? 'its state is unknown'
  if (jobId !== null) return 'a job works on it'
  if (act === 'start') return isLive(database) ? 'it runs already' : null
  return isLive(database) ? null : 'it is not running'
}

/** What was left out, in one sentence: `Skipped wiki: homelab does not answer.` Null when nothing was. */
export function skippedWords({ skipped }: Pick<BulkPlan, 'skipped'>): string | null {
  if (skipped.length === 0) return null
  const reasons = new Set(skipped.map(({ why }) => why))
  const parts = Array.from(reasons, (why) => {
    const names = skipped.filter((each) => each.why === why).map(({ database }) => database.name)
    return `${names.length > 3 ? plural(names.length, 'database') : names.join(', ')} (${why})`
  })
  return `Skipped: ${parts.join('; ')}.`
}
