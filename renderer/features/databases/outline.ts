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
  let last = outline

  const moves = (now: DatabaseView, index: number): boolean => {
    const before = last[index]
    if (before === now) return false
    // What lies in the trash is shown whole.
    if (before === undefined || before.status === 'trash' || now.status === 'trash') return true
    if (byState && stateKind(before) !== stateKind(now)) return true
    return placing.some((key) => before[key] !== now[key])
  }

  return (databases: readonly DatabaseView[]): readonly DatabaseView[] => {
    if (databases.length !== last.length || databases.some(moves)) outline = databases
    last = databases
    return outline
  }
}
