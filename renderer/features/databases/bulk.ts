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
  /** Production among those it is done to: asked for first, where clients would lose their connection. */
  asks: boolean
}

/** Which of the databases would be started or stopped, and why the others would not. */
export function planBulk(act: BulkAct, databases: readonly DatabaseView[]): BulkPlan {
  const judged = databases.map((database) => ({ database, why: reasonAgainst(act, database) }))
  const run = judged.filter(({ why }) => why === null).map(({ database }) => database)
  return {
    act,
    run,
    skipped: judged.flatMap(({ database, why }) => (why === null ? [] : [{ database, why }])),
    asks: act === 'stop' && run.some(({ environment }) => environment === 'production'),
  }
}

function reasonAgainst(act: BulkAct, database: DatabaseView): string | null {
  const { status, jobId, hostName } = database
  if (status === 'unknown') return `${hostName} does not answer`
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
