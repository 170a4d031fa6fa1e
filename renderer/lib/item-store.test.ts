import { expect, it, vi } from 'vitest'
import { createItemStore } from './item-store.ts'

const a = { id: 'a', n: 1 }
const b = { id: 'b', n: 1 }
const c = { id: 'c', n: 1 }

function filled() {
  const store = createItemStore<typeof a>()
  store.take([a, b])
  const heard = { a: vi.fn(), b: vi.fn(), c: vi.fn() }
  const stops = (['a', 'b', 'c'] as const).map((id) => store.subscribe(id, heard[id]))
  const counts = () => Object.values(heard).map(({ mock }) => mock.calls.length)
  return { store, counts, stops }
}

it('tells of the one that has changed and of no other', () => {
  const { store, counts } = filled()
  store.take([a, { ...b, n: 2 }])
  expect(counts()).toEqual([0, 1, 0])
  expect(store.get('b')).toEqual({ id: 'b', n: 2 })
  expect(store.get('a')).toBe(a)
})

it('tells of what has come and gone, and of nothing that has only moved', () => {
  const { store, counts } = filled()
  store.take([c, b])
  expect(counts()).toEqual([1, 0, 1])
  expect(store.get('a')).toBeUndefined()
  store.take([b, c])
  expect(counts()).toEqual([1, 0, 1])
})

it('is silent after the last one has stopped listening', () => {
  const { store, counts, stops } = filled()
  for (const stop of stops) stop()
  store.take([])
  expect(counts()).toEqual([0, 0, 0])
})
