import { expect, it, vi } from 'vitest'
import { createLatestStore } from './live.ts'

it('keeps the latest value of each key and tells its listeners', () => {
  const store = createLatestStore<number>()
  const listener = vi.fn()
  const stop = store.subscribe(listener)
  store.set('a', 1)
  store.set('a', 2)
  expect(store.get('a')).toBe(2)
  expect(store.get('b')).toBeUndefined()
  expect(listener).toHaveBeenCalledTimes(2)
  stop()
  store.set('a', 3)
  expect(listener).toHaveBeenCalledTimes(2)
})

it('forgets the key that was set longest ago, once there are too many', () => {
  const store = createLatestStore<number>(2)
  store.set('a', 1)
  store.set('b', 2)
  store.set('a', 3)
  store.set('c', 4)
  expect([store.get('a'), store.get('b'), store.get('c')]).toEqual([3, undefined, 4])
})
