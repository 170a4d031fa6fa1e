import { expect, it } from 'vitest'
import { backoffMs } from './backoff.ts'

it('waits below 1, 2, 4 … 60 s, wherever the dice fall', () => {
  expect([1, 2, 3, 6, 7, 1000].map((failures) => backoffMs(failures, 1))).toEqual([
    1_000, 2_000, 4_000, 32_000, 60_000, 60_000,
  ])
  expect(backoffMs(5, 0)).toBe(0)
  expect(backoffMs(2, 0.5)).toBe(1_000)
})
