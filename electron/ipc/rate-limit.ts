import type { Clock } from '../domain/ports.ts'

export interface RateLimit {
  /** How many calls may come within the time. */
  readonly calls: number
  readonly withinMs: number
}

/** Answers whether one more call is within the limit, and counts it if so. */
export function createRateLimit({ calls, withinMs }: RateLimit, clock: Clock): () => boolean {
  let recent: number[] = []
  return () => {
    const now = clock.now()
    // A clock that was set back must not lock anyone out.
    recent = recent.filter((at) => at <= now && now - at < withinMs)
    if (recent.length >= calls) return false
    recent.push(now)
    return true
  }
}
