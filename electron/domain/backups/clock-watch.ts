/** Tells whether this computer's clock was set while the process ran. */
export interface ClockWatch {
  /** Compares the clock with the time that has really passed; called now and then. */
  look(): void
  /** After sleep the clock is ahead of the time this process has counted, and right. */
  woke(): void
  /** Whether it jumped within the last hour. */
  jumped(): boolean
}

/** A clock that is kept by the network drifts and is moved by less, milliseconds. */
const toleranceMs = 60_000
/** How long a jump makes the clock doubtful, milliseconds of time that has really passed. */
const doubtMs = 3_600_000

/** @param monotonic milliseconds since whenever, which no one can set */
export function createClockWatch(
  clock: { now(): number },
  monotonic: () => number = () => performance.now(),
): ClockWatch {
  let offset = clock.now() - monotonic()
  let jump: { at: number; forward: boolean } | null = null
  const look = (): void => {
    const next = clock.now() - monotonic()
    if (Math.abs(next - offset) > toleranceMs) {
      jump = { at: monotonic(), forward: next > offset }
    }
    offset = next
  }
  return {
    look,
    woke: () => {
      look()
      if (jump?.forward === true) jump = null
    },
    jumped: () => {
      look()
      return jump !== null && monotonic() - jump.at < doubtMs
    },
  }
}
