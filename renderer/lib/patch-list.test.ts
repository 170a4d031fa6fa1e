import { expect, it } from 'vitest'
import { patchList } from './patch-list.ts'

const list = [
  { id: 'a', state: 'running' },
  { id: 'b', state: 'running' },
  { id: 'c', state: 'running' },
]

it('puts what was read in its place and leaves every other object as it is', () => {
  const patched = patchList(list, ['b'], [{ id: 'b', state: 'stopped' }])
  expect(patched).toEqual([list[0], { id: 'b', state: 'stopped' }, list[2]])
  expect(patched?.[0]).toBe(list[0])
  expect(patched?.[2]).toBe(list[2])
})

it('takes out what was asked for and is not there any more', () => {
  expect(patchList(list, ['a', 'c'], [{ id: 'c', state: 'stopped' }])).toEqual([
    list[1],
    { id: 'c', state: 'stopped' },
  ])
})

it('knows nothing of what the list has not held', () => {
  expect(patchList(list, ['d'], [{ id: 'd', state: 'running' }])).toBeUndefined()
  expect(patchList(list, ['d'], [])).toEqual(list)
})
