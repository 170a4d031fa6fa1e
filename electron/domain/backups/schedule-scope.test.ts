import { expect, it } from 'vitest'
import { someDatabase, someHost } from '../../adapters/sqlite/fixtures.ts'
import { someSchedule } from './schedule-fixtures.ts'
import { databasesIn, jitterMs, schedulesFor } from './schedule-scope.ts'

const host = someHost()
const other = someHost()
const ready = { state: 'ready' } as const
const shop = someDatabase(host, { ...ready, name: 'shop', environment: 'production' })
const crm = someDatabase(host, { ...ready, name: 'crm', engine: 'sandstore' })
const away = someDatabase(other, { ...ready, name: 'shop-2' })
const all = [
  ...[shop, crm, away],
  someDatabase(host, { state: 'trash', name: 'old-shop' }),
  someDatabase(host, { state: 'creating', name: 'new-shop' }),
]
const { id: hostId } = host

it.each([
  [{ kind: 'database', databaseId: crm.id } as const, [crm]],
  [{ kind: 'host', hostId } as const, [shop, crm]],
  [{ kind: 'rule' } as const, [shop, crm, away]],
  [{ kind: 'rule', nameContains: 'shop' } as const, [shop, away]],
  [{ kind: 'rule', nameContains: 'shop', hostId } as const, [shop]],
  [{ kind: 'rule', environment: 'production' } as const, [shop]],
  [{ kind: 'rule', engine: 'sandstore', environment: 'production' } as const, []],
])('%j takes in what it says, and nothing from the trash', (scope, expected) => {
  expect(databasesIn(scope, all)).toEqual(expected)
})

it('a schedule that is off is none of a database', () => {
  const on = someSchedule()
  const off = someSchedule({ enabled: false })
  expect(schedulesFor([on, off], shop)).toEqual([on])
  expect(schedulesFor([on, off], shop, on.plan.destinationIds[0])).toEqual([on])
  expect(schedulesFor([on, off], shop, 'elsewhere')).toEqual([])
})

it('jitter is the same each time, within its bounds, and spreads', () => {
  const { id } = someSchedule()
  const spread = Array.from({ length: 200 }, (_, n) => jitterMs(id, String(n), 60))
  expect(spread).toEqual(Array.from({ length: 200 }, (_, n) => jitterMs(id, String(n), 60)))
  expect(Math.min(...spread)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...spread)).toBeLessThan(60_000)
  expect(spread.filter((ms) => ms < 30_000).length).toBeGreaterThan(60)
  expect(jitterMs(id, 'any', 0)).toBe(0)
})
