import { expect, it } from 'vitest'
import { fit, ranked } from './fuzzy.ts'

const order = (query: string, ...texts: string[]) =>
  ranked(texts, (text) => fit(query, text)).map(({ value }) => value)

it('puts the nearest first: whole, beginning, word, inside, letters', () => {
  expect(order('shop', 'old workshop', 'my shop', 'shop-cache', 'shop', 'ledger')).toEqual([
    'shop',
    'shop-cache',
    'my shop',
    'old workshop',
  ])
})

it('finds a text by the letters its words begin with', () => {
  expect(order('cu', 'Copy connection URL', 'Add host')).toEqual(['Copy connection URL'])
  expect(order('ccu', 'Copy connection URL', 'Close tunnel')).toEqual(['Copy connection URL'])
})

it('takes no scattered letters for a find', () => {
  expect(fit('sni', 'shop-sessions on attic')).toBe(0)
  expect(fit('hp', 'shop')).toBe(0)
})

it('needs every word, in any order and case', () => {
  expect(order('prod SHOP', 'shop production ams-1', 'shop staging fra-1')).toEqual([
    'shop production ams-1',
  ])
  expect(fit('shop nothing', 'shop production')).toBe(0)
})

it('prefers the shorter of two that fit alike, and keeps the order of equals', () => {
  expect(order('shop', 'shop-sessions', 'shop-eu')).toEqual(['shop-eu', 'shop-sessions'])
  expect(order('shop', 'shop-a', 'shop-b')).toEqual(['shop-a', 'shop-b'])
})

it('finds nothing by nothing', () => {
  expect(order('  ', 'shop')).toEqual([])
})
