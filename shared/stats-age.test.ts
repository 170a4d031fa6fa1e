import { expect, it } from 'vitest'
import { closeBeatMs, slowBeatMs } from './contract/metrics.ts'
import { statsLastMs } from './stats-age.ts'

it('is three beats of what was asked for', () => {
  expect(statsLastMs(closeBeatMs, [])).toBe(6_000)
  expect(statsLastMs(closeBeatMs, [0, 2_000])).toBe(6_000)
  // The second sample comes soon, so that there are rates; the pace is no quicker for that.
  expect(statsLastMs(slowBeatMs, [0, 2_000])).toBe(45_000)
})

it('is three beats of the pace that a slow host keeps, and a pause is no pace', () => {
  expect(statsLastMs(closeBeatMs, [0, 2_000, 10_000])).toBe(24_000)
  expect(statsLastMs(closeBeatMs, [0, 600_000])).toBe(6_000)
})
