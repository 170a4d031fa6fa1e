const firstMs = 1_000
const longestMs = 60_000

/**
 * How long to wait before the next try, in milliseconds: full jitter below 1, 2, 4 … 60 s, so that
 * many hosts behind one broken link do not all come back at the same moment.
 *
 * @param failures how many tries have failed in a row, 1 at the least
 * @param random a number from 0 up to 1
 */
export function backoffMs(failures: number, random: number): number {
  const ceiling = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 16))
  return Math.round(random * ceiling)
}
