import { expect, it } from 'vitest'
import { nextIndex } from './list-keys.ts'

it('moves by arrows and by letters, and stops at the ends', () => {
  expect(nextIndex('ArrowDown', -1, 3)).toBe(0)
  expect(nextIndex('j', 0, 3)).toBe(1)
  expect(nextIndex('ArrowDown', 2, 3)).toBe(2)
  expect(nextIndex('k', 0, 3)).toBe(0)
  expect(nextIndex('End', 0, 3)).toBe(2)
  expect(nextIndex('Home', 2, 3)).toBe(0)
})

it('leaves other keys and empty lists alone', () => {
  expect(nextIndex('x', 0, 3)).toBeUndefined()
  expect(nextIndex('ArrowDown', -1, 0)).toBeUndefined()
})
