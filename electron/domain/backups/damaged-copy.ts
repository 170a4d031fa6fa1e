import type { ErrorData } from '../../../shared/errors.ts'

/** So many separate reads have to find the same before a copy is taken for damaged for good. */
const readsThatTell = 2

/** What a read found wrong with a copy, as it is written down: with how many reads have found damage. */
export function foundByRead(found: ErrorData, before: ErrorData | null): ErrorData {
  if (found.code !== 'backup_damaged') return found
  const reads = before?.code === found.code ? readsOf(before) + 1 : 1
  return { ...found, facts: { ...found.facts, reads: String(reads) } }
}

/**
 * True where a copy is said to be damaged and has not been read as often as it takes: the network, a
 * disk or the memory of this computer may have spoilt what was read.
 */
export function isDoubted(problem: ErrorData | null): boolean {
  return problem?.code === 'backup_damaged' && readsOf(problem) < readsThatTell
}

function readsOf({ facts }: ErrorData): number {
  const reads = Number(facts?.['reads'] ?? 0)
  return Number.isSafeInteger(reads) ? reads : 0
}
