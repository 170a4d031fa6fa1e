import { expect, it } from 'vitest'
import { aDatabase } from '../../lib/a-database.ts'
import { createOutline } from './outline.ts'

const shop = aDatabase({ name: 'shop' })
const blog = aDatabase({ name: 'blog', status: 'stopped' })
const old = aDatabase({ name: 'old', status: 'trash', deletedAt: 1 })
const all = [shop, blog, old]
const paused = { ...shop, status: 'attention', reason: 'Paused', since: 5 } as const

it('is the same list while a database only changes its state', () => {
  const outline = createOutline(false)
  expect(outline(all)).toBe(all)
  expect(outline([paused, blog, old])).toBe(all)
  expect(outline([shop, { ...blog, port: 20_001, protected: true }, old])).toBe(all)
})

it.each([
  ['is renamed', [{ ...shop, name: 'shop-2' }, blog, old]],
  ['is updated', [{ ...shop, version: '18' }, blog, old]],
  ['is new', [...all, aDatabase({ name: 'wiki' })]],
  ['goes', [shop, old]],
  ['is deleted', [shop, { ...blog, status: 'trash' as const }, old]],
  ['is worked on in the trash', [shop, blog, { ...old, deletedAt: 2 }]],
])('is another list when one %s', (_, next) => {
  const outline = createOutline(false)
  outline(all)
  expect(outline(next)).toBe(next)
})

it('goes by the state where the list is narrowed by it', () => {
  const outline = createOutline(true)
  outline(all)
  const next = [paused, blog, old]
  expect(outline(next)).toBe(next)
  expect(outline([{ ...paused, reason: 'Unhealthy' }, blog, old])).toBe(next)
})
