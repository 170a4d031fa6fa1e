import { expect, it } from 'vitest'
import * as z from 'zod'
import { recall } from './remembered.ts'

const names = z.array(z.string())
const shelf = (text: string | null) => ({ getItem: () => text, setItem: () => undefined })

it('is what was kept', () => {
  expect(recall(shelf('["a","b"]'), 'quayside-x', names, [])).toEqual(['a', 'b'])
})

it('is as usual where nothing was kept, or nothing that makes sense', () => {
  for (const text of [null, '', '{', '{"a":1}', '[1]']) {
    expect(recall(shelf(text), 'quayside-x', names, ['usual'])).toEqual(['usual'])
  }
})
