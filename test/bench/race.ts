/** Something that is timed again and again. */
export interface Contender {
  /** Runs it once and keeps its time; not in a rehearsal. */
  turn(rehearsal: boolean): Promise<void>
  /** Turns in each round: what is quick needs more of them. */
  readonly perRound: number
  /** The median of its times, milliseconds. */
  median(): number
}

interface ContenderOptions {
  perRound?: number
  /** Puts things back after a turn; not timed. */
  after?: () => Promise<void>
}

/** Makes a contender of a piece of work. */
export function contender(
  run: () => Promise<unknown>,
  { perRound = 1, after }: ContenderOptions = {},
): Contender {
  const times: number[] = []
  return {
    perRound,
    median: () => median(times),
    async turn(rehearsal) {
      try {
        const begin = performance.now()
        await run()
        if (!rehearsal) times.push(performance.now() - begin)
      } finally {
        await after?.()
      }
    },
  }
}

/**
 * Lets all take turns, so that whatever else the machine does meets each of them alike; each round
 * begins with another one. A rehearsal comes first: it opens connections and fills caches.
 */
export async function race(
  contenders: readonly Contender[],
  { rounds, signal }: { rounds: number; signal: AbortSignal },
): Promise<void> {
  for (let round = -1; round < rounds; round++) {
    const first = Math.max(round, 0) % contenders.length
    for (const each of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      for (let turn = 0; turn < each.perRound; turn++) {
        signal.throwIfAborted()
        await each.turn(round < 0)
      }
    }
  }
}

/** The middle value, or the mean of the two in the middle; NaN where there is none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const last = sorted.length - 1
  const low = sorted[Math.floor(last / 2)] ?? NaN
  const high = sorted[Math.ceil(last / 2)] ?? NaN
  return (low + high) / 2
}
