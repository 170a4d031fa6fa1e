/** First and longest wait between two tries, milliseconds. */
const first = 1_000
export const longestBackoffMs = 60_000

/**
 * How long to wait before a try: exponential, the upper half jittered, so that many jobs that lost the same
 * host don't come back at the same moment
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 * @param attempt how many tries have failed, 1 and up
 * @param random a number from 0 to below 1
 */
export function backoffMs(attempt: number, random: number): number {
  const ceiling = Math.min(longestBackoffMs, first * 2 ** (attempt - 1))
  return Math.round(ceiling / 2 + (ceiling / 2) * random)
}
