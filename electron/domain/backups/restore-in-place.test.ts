import { expect, it } from 'vitest'
import { isToSwap } from './restore-in-place.ts'

const names = {
  filled: 'shop_restoring_0123456789ab',
  keepAs: 'shop_before_restore_20260101_030000',
}

it('swaps what was restored, once', () => {
  expect(isToSwap(['shop', names.filled], names)).toBe(true)
  expect(isToSwap(['shop', names.keepAs], names)).toBe(false)
})

it('is no success where what was restored is gone and the old data is still in its place', () => {
  expect(() => isToSwap(['shop'], names)).toThrow(
    expect.objectContaining({ code: 'restore_failed' }),
  )
})
