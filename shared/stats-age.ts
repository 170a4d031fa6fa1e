import { slowBeatMs } from './contract/metrics.ts'

/** So many beats without a sample, and the last one says nothing of now any more. */
const beatsOfGrace = 3

/** A gap longer than that is a pause and no pace, milliseconds. */
const longestPaceMs = 1.5 * slowBeatMs

/**
 * Milliseconds after which the last sample is none of now any more: three beats at the pace they come
 * at. On a host that measures slowly that is slower than the beat asked for.
 * @param beatMs the beat that was asked for
 * @param times of the samples, epoch milliseconds, oldest first; the last two count
 */
export function statsLastMs(beatMs: number, times: readonly number[]): number {
  const [before, last] = times.slice(-2)
  const gap = before === undefined || last === undefined ? 0 : last - before
  return beatsOfGrace * Math.max(beatMs, gap <= longestPaceMs ? gap : 0)
}
