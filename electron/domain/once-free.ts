import { QuaysideError } from '../../shared/errors.ts'
import type { Clock } from './ports.ts'

/** Between two tries, milliseconds: soon at first, then seldom, since each blocks for a moment. */
const firstPauseMs = 100
const longestPauseMs = 800
/** How long a person who waits for an answer is kept waiting, milliseconds. */
const patienceMs = 4_000

/** Whether the data file could not be written for a cause that passes: held by another program, or its disk full. */
export function mayPass(thrown: unknown): boolean {
  return (
    thrown instanceof QuaysideError && (thrown.code === 'store_busy' || thrown.code === 'disk_full')
  )
}

/**
 * Does what writes to the data file, and does it again while another program holds that: with pauses
 * in which everything else of this process goes on. The work must be such that a user could ask for it
 * again.
 * @throws what the last try threw; anything but `store_busy` at once
 */
export async function onceFree<T>(clock: Clock, work: () => T | Promise<T>): Promise<T> {
  const isBusy = (thrown: unknown): boolean =>
    thrown instanceof QuaysideError && thrown.code === 'store_busy'
  return again(clock, work, isBusy, () => patienceMs)
}

/**
 * Writes what must not be lost, however long the data file is held or its disk full.
 * @param withinMs given up after so long, asked anew before each pause
 * @throws what the last try threw; what does not pass at once
 */
export async function untilWritten<T>(
  clock: Clock,
  write: () => T,
  withinMs: () => number,
): Promise<T> {
  return again(clock, write, mayPass, withinMs)
}

async function again<T>(
  clock: Clock,
  work: () => T | Promise<T>,
  passes: (thrown: unknown) => boolean,
  withinMs: () => number,
): Promise<T> {
  let waitedMs = 0
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      return await work()
    } catch (thrown) {
      if (!passes(thrown) || waitedMs >= withinMs()) throw thrown
      await clock.sleep(pauseMs)
      waitedMs += pauseMs
    }
  }
}
