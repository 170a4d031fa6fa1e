import { expect, it } from 'vitest'
import { replicationWarnings } from './plan-restore.ts'

it('says what a replication needs beside a restore in place, and nothing where there is none', () => {
  expect(replicationWarnings({ subscriptions: [], slots: [] })).toEqual([])
  const [subscribed, read, ...more] = replicationWarnings({
    subscriptions: ['orders_in', 'stock_in'],
    slots: ['to_search'],
  })
  expect(subscribed).toContain('by orders_in, stock_in')
  expect(read).toContain('slots to_search')
  expect(more).toEqual([])
})
