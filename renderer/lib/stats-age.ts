import { closeBeatMs, slowBeatMs, type StatsSample } from '../../shared/contract/metrics.ts'
import { statsLastMs } from '../../shared/stats-age.ts'
import { formatAge } from './format.ts'
import type { Closeness } from './live-stats.ts'
import { useOfNow } from './now.ts'

const beats: Readonly<Record<Closeness, number>> = { close: closeBeatMs, inView: slowBeatMs }

/**
 * How old the last numbers are once they are none of now any more: `Last told 3 min ago`. Null while
 * they are, and where there are none.
 */
export function statsAge(
  samples: readonly Pick<StatsSample, 'at'>[],
  how: Closeness,
  now: number,
): string | null {
  const last = samples.at(-1)
  if (last === undefined) return null
  const times = samples.slice(-2).map(({ at }) => at)
  // Also where the clock was set back, and the last one seems to lie ahead.
  const old = Math.abs(now - last.at) > statsLastMs(beats[how], times)
  return old ? `Last told ${formatAge(last.at, now)}` : null
}

/** The same as of now: it comes by itself when nothing more is told. */
export function useStatsAge(samples: readonly StatsSample[], how: Closeness): string | null {
  return useOfNow((now) => statsAge(samples, how, now))
}
