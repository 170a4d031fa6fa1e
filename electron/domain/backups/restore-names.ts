import { stampOf } from '../../../shared/stamp.ts'

// What the logical databases are called that a restore in place works with.

/** A server's longest name, bytes; a longer one would be cut by the server without a word. */
const longestName = 63

const ofRestore = /_(?:before_restore_\d{8}_\d{6}|restoring_[0-9a-f]{12})$/

/** Of the one that a job fills beside a live one. */
export function restoringName(live: string, jobId: string): string {
  return nameWith(live, `_restoring_${jobId.replaceAll('-', '').slice(0, 12)}`)
}

/**
 * Of the old one, once another has its place.
 * @param at in ms since 1970; told in UTC
 */
export function replacedName(live: string, at: number): string {
  return nameWith(live, `_before_restore_${stampOf(at).replace('-', '_')}`)
}

/** What a restore has left beside the database it took the place of, or is about to. */
export function isOfRestore(name: string): boolean {
  return ofRestore.test(name)
}

/** A name made of another, cut where it would be too long. */
function nameWith(database: string, ending: string): string {
  const kept = Buffer.from(database).subarray(0, longestName - Buffer.byteLength(ending))
  // A character that was cut in two is left out.
  return `${kept.toString('utf8').replace(/\uFFFD+$/, '')}${ending}`
}
