import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { stateKind } from '../../lib/database-state.ts'

/** What the order of the list, its headings and its filter by words hang on. */
const placing = [
  'id',
  'hostId',
  'hostName',
  'name',
  'environment',
  'engine',
  'version',
  'createdAt',
] as const satisfies readonly (keyof DatabaseView)[]

/**
 * Makes what gives the list as it was when something last changed that moves a row: the same one while
 * databases only start, stop and work, so that a thousand are not sorted anew for it. How one of them
 * is now, its row knows.
 * @param byState where rows are chosen by their state, that moves them too
 */
export function createOutline(byState: boolean) {
  let outline: readonly DatabaseView[] = []

  const stays = (before: DatabaseView | undefined, now: DatabaseView): boolean => {
    if (before === now) return true
    // What lies in the trash is shown whole.
    if (before === undefined || before.status === 'trash' || now.status === 'trash') return false
    if (byState && stateKind(before) !== stateKind(now)) return false
    return placing.every((key) => before[key] === now[key])
  }

  return (databases: readonly DatabaseView[]): readonly DatabaseView[] => {
    const same =
      databases.length === outline.length &&
      databases.every((database, index) => stays(outline[index], database))
    if (!same) outline = databases
    return outline
  }
}
