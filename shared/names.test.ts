import { expect, it } from 'vitest'
import { databaseNameSchema, nameOnHost, restoredName } from './names.ts'

it('names a restored database after its source and the minute, and keeps the name valid', () => {
  const at = Date.UTC(2026, 10, 21, 14, 5, 9)
  expect(restoredName('shop', at)).toBe('shop-restored-20261121-1405')
  const long = restoredName('a-name-that-is-nearly-as-long-as-may-be', at)
  expect(databaseNameSchema.safeParse(long).success).toBe(true)
  expect(long).toHaveLength(40)
})

it('tells databases of one name on one host apart', () => {
  const shop = { name: 'shop', hostName: 'ams-1' }
  expect(nameOnHost({ ...shop, environment: 'staging' })).toBe('shop (staging) on ams-1')
  expect(nameOnHost({ ...shop, environment: 'development' })).toBe('shop (development) on ams-1')
})
