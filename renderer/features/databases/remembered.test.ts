import { expect, it } from 'vitest'
import * as z from 'zod'
import { recall } from './remembered.ts'

const names = z.array(z.string())

it('is what was kept', () => {
  expect(recall('["a","b"]', names, [])).toEqual(['a', 'b'])
})

it('is as usual where nothing was kept, or nothing that makes sense', () => {
  for (const text of [undefined, '', '{', '{"a":1}', '[1]']) {
    expect(recall(text, names, ['usual'])).toEqual(['usual'])
  }
})
