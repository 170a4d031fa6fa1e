import { expect, test } from 'vitest'
import { destinationIdSchema } from '../../../shared/contract/destinations.ts'
import { storedOverTime } from './stored-over-time.ts'

const dayMs = 24 * 3_600_000
const today = 20_000
const now = today * dayMs + 5_000
const [one, other, near] = [1, 2, 3].map(() => destinationIdSchema.parse(crypto.randomUUID()))
if (one === undefined || other === undefined || near === undefined) throw new Error('three ids')
const sample = (destinationId: typeof one, ago: number, bytes: number) => ({
  destinationId,
  day: today - ago,
  bytes,
  copies: 1,
})
const shown = (samples: ReturnType<typeof sample>[]) => {
  const { points, ...rest } = storedOverTime(samples, new Set([one, other]), now)
  return { ...rest, last: points.slice(-4).map(({ bytes }) => bytes), count: points.length }
}

test('is the sum of the destinations asked for; days without a look stay gaps', () => {
  const samples = [
    sample(one, 3, 10),
    sample(near, 3, 999),
    sample(one, 0, 12),
    sample(other, 0, 5),
  ]
  expect(shown(samples)).toMatchObject({
    last: [10, null, null, 17],
    newest: 17,
    days: 2,
    count: 30,
  })
})

test('one that was not looked at on a day counts as it was before', () => {
  const samples = [sample(one, 2, 10), sample(other, 2, 5), sample(other, 1, 6)]
  expect(shown(samples)).toMatchObject({ last: [null, 15, 16, null], newest: 16, days: 2 })
})

test('nothing is known without a sample, and what is older than 30 days is not shown', () => {
  expect(shown([])).toMatchObject({ newest: null, days: 0 })
  expect(shown([sample(one, 30, 10)])).toMatchObject({ newest: null, days: 0 })
})

test('the first and the last day stand at the ends', () => {
  const { points, from, to } = storedOverTime([], new Set(), now)
  expect([from, to]).toEqual([points[0]?.at, points.at(-1)?.at])
  expect(new Date(to).toISOString().slice(0, 10)).toBe(new Date(now).toISOString().slice(0, 10))
})
