import type { DatabaseId } from '../../../shared/contract/databases.ts'
import { closeBeatMs, type StatsSample } from '../../../shared/contract/metrics.ts'
import { statsLastMs } from '../../../shared/stats-age.ts'

/** What has been told of databases that are looked at closely, and who has fallen silent. */
export interface HeardStats {
  /** @returns true where it had been found silent */
  add(id: DatabaseId, sample: StatsSample): boolean
  /** How often it has told. */
  count(id: DatabaseId): number
  /** Its last sample, while that is one of now. */
  now(id: DatabaseId): StatsSample | null
  /** Those that have told and are silent now, and were not when last asked; and when they last told. */
  newlySilent(): { id: DatabaseId; since: number }[]
}

/** @param clock one that never jumps, milliseconds: the age of a sample is the time since it came */
export function createHeardStats(clock: () => number): HeardStats {
  const heard = new Map<DatabaseId, { sample: StatsSample; came: number[]; count: number }>()
  const silent = new Set<DatabaseId>()

  const isOld = (came: readonly number[]): boolean =>
    clock() - (came.at(-1) ?? -Infinity) > statsLastMs(closeBeatMs, came)

  return {
    add: (id, sample) => {
      const { came, count } = heard.get(id) ?? { came: [], count: 0 }
      heard.set(id, { sample, came: [...came.slice(-1), clock()], count: count + 1 })
      return silent.delete(id)
    },
    count: (id) => heard.get(id)?.count ?? 0,
    now: (id) => {
      const known = heard.get(id)
      return known === undefined || isOld(known.came) ? null : known.sample
    },
    newlySilent: () => {
      const fresh = [...heard].filter(([id, { came }]) => !silent.has(id) && isOld(came))
      for (const [id] of fresh) silent.add(id)
      return fresh.map(([id, { sample }]) => ({ id, since: sample.at }))
    },
  }
}
