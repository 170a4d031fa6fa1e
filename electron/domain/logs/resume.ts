import type { ContainerLogLine } from '../ports.ts'

/** Where a log was left, so that it goes on there without a gap and without a line twice. */
export interface LogPlace {
  /** The moment of the last line, for Docker's `since`; null before the first. */
  since(): string | null
  /** Begins anew at that moment: Docker hands out all its lines once more. */
  resume(): void
  /** Those that have not been seen yet. */
  fresh(lines: readonly ContainerLogLine[]): ContainerLogLine[]
}

/** Lines are told apart by their moment and, within it, by how many there have been. */
export function createLogPlace(): LogPlace {
  let last: string | null = null
  let seenThen = 0
  let skip = 0
  return {
    since: () => last,
    resume: () => {
      skip = seenThen
    },
    fresh: (lines) =>
      lines.filter(({ at }) => {
        if (at === last) {
          if (skip > 0) {
            skip -= 1
            return false
          }
          seenThen += 1
          return true
        }
        skip = 0
        last = at
        seenThen = 1
        return true
      }),
  }
}
