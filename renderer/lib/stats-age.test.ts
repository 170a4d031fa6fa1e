import { expect, it } from 'vitest'
import { statsAge } from './stats-age.ts'

it('has numbers of now for three beats, and their age from then on', () => {
  const told = [{ at: 0 }, { at: 2_000 }]
  expect(statsAge([], 'close', 1_000)).toBeNull()
  expect(statsAge(told, 'close', 8_000)).toBeNull()
  expect(statsAge(told, 'close', 8_001)).toBe('Last told 6 s ago')
  expect(statsAge(told, 'inView', 47_000)).toBeNull()
  expect(statsAge(told, 'inView', 182_000)).toBe('Last told 3 min ago')
  expect(statsAge([{ at: 3_600_000 }], 'inView', 0)).not.toBeNull()
})
