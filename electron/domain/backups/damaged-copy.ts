import { QuaysideError, toErrorData, type ErrorData } from '../../../shared/errors.ts'

/** So many separate reads have to find the same before a copy is taken for damaged for good. */
const readsThatTell = 2

/** What a read found wrong with a copy, as it is written down: with how many reads have found damage. */
export function foundByRead(found: ErrorData, before: ErrorData | null): ErrorData {
  if (found.code !== 'backup_damaged') return found
  const reads = before?.code === found.code ? readsOf(before) + 1 : 1
  return { ...found, facts: { ...found.facts, reads: String(reads) } }
}

/**
 * What is known of a copy after a listing of its destination: what was found by reading stays until it is
 * read again, also while the copy is away; an absence ends by itself.
 */
export function foundByListing(
  found: QuaysideError | null,
  before: ErrorData | null,
): ErrorData | null {
  if (found === null) return before?.code === 'not_found' ? null : before
  if (before?.code === 'backup_damaged' || before?.code === found.code) return before
  return toErrorData(found)
}

/**
 * What a listing says of a copy.
 * @param bytes how long its dump is there; null where that or the manifest is not there
 */
export function problemListed(bytes: number | null, expected: number): QuaysideError | null {
  if (bytes === null) return gone()
  return bytes === expected ? null : notAsLong(bytes, expected)
}

/** Of a copy whose dump has another length than its manifest says. */
export function notAsLong(bytes: number, expected: number): QuaysideError {
  return new QuaysideError('backup_damaged', 'This copy is not as long as what was stored.', {
    hint: 'Use another copy or another backup.',
    detail: `${bytes} of ${expected} bytes`,
  })
}

/** Of a copy whose manifest or dump does not lie there. */
export function gone(name?: string): QuaysideError {
  return new QuaysideError('not_found', 'This backup is not at its destination any more.', {
    hint: 'It was removed there. Use another copy or another backup.',
    detail: name,
  })
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
