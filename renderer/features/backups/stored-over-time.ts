import type { DestinationId, StoredSample } from '../../../shared/contract/destinations.ts'
import type { ChartPoint } from '../../ui/MetricChart.tsx'

const dayMs = 24 * 3_600_000
/** Days that the chart shows, today among them. */
const shownDays = 30

/** How much lay at some destinations together, day by day. */
export interface StoredOverTime {
  /** A point for each day; null where nobody looked. `at` is the noon of the day in UTC. */
  points: ChartPoint[]
  from: number
  to: number
  /** The newest, bytes; null where there is none. */
  newest: number | null
  /** Days that are known; a line needs two. */
  days: number
}

/**
 * Sums up what lay at these destinations. On a day on which one of them was not looked at and another
 * was, its last number before counts: one that came later had nothing before.
 */
export function storedOverTime(
  samples: readonly StoredSample[],
  destinations: ReadonlySet<DestinationId>,
  now: number,
): StoredOverTime {
  const today = Math.floor(now / dayMs)
  const first = today - shownDays + 1
  const byDay = new Map<number, StoredSample[]>()
  for (const sample of samples) {
    if (!destinations.has(sample.destinationId)) continue
    byDay.set(sample.day, [...(byDay.get(sample.day) ?? []), sample])
  }
  const last = new Map<DestinationId, number>()
  const points = Array.from({ length: shownDays }, (_, index): ChartPoint => {
    const day = first + index
    const own = byDay.get(day)
    for (const { destinationId, bytes } of own ?? []) last.set(destinationId, bytes)
    const bytes = own === undefined ? null : [...last.values()].reduce((sum, each) => sum + each, 0)
    return { at: noonOf(day), bytes }
  })
  const known = points.flatMap(({ bytes }) => (typeof bytes === 'number' ? [bytes] : []))
  return {
    points,
    from: noonOf(first),
    to: noonOf(today),
    newest: known.at(-1) ?? null,
    days: known.length,
  }
}

/** Noon, so that it is the same day by the clocks of most places. */
function noonOf(day: number): number {
  return (day + 0.5) * dayMs
}
