import { expect, it } from 'vitest'
import { destinationIdSchema } from '../../../../shared/contract/destinations.ts'
import { scheduleIdSchema } from '../../../../shared/contract/schedules.ts'
import { aDatabase } from '../../../lib/a-database.ts'
import {
  cronWords,
  dryRunOf,
  emptySchedule,
  faultsOf,
  gigabytesOf,
  limitOf,
  retentionWords,
  scopeWords,
} from './schedule-form.ts'

const shop = aDatabase({ name: 'shop' })
const somewhere = destinationIdSchema.parse(crypto.randomUUID())

it('begins with what most want, and says what is missing', () => {
  expect(Object.keys(faultsOf(emptySchedule('Europe/Berlin', [])))).toEqual([
    'name',
    'destinationIds',
  ])
  expect(faultsOf({ ...emptySchedule('Europe/Berlin', [somewhere]), name: 'nightly' })).toEqual({})
})

it('tells scope, time and retention in words', () => {
  expect(scopeWords({ kind: 'rule' }, [], [])).toBe('All databases')
  expect(scopeWords({ kind: 'rule', environment: 'staging', nameContains: 'sh' }, [], [])).toBe(
    'Staging, named *sh*',
  )
  expect(scopeWords({ kind: 'database', databaseId: shop.id }, [shop], [])).toBe('shop')
  expect(cronWords('0 * * * *')).toBe('Every hour')
  expect(cronWords('*/5 * * * *')).toBe('*/5 * * * *')
  expect(retentionWords(emptySchedule('UTC', []))).toBe('last 3, 7 d, 4 w, 6 mo')
})

it('takes a limit in gigabytes, and an empty one as none', () => {
  expect(limitOf('')).toBeNull()
  expect(limitOf(1.5)).toBe(1_500_000_000)
  expect(gigabytesOf(1_500_000_000)).toBe(1.5)
  expect(gigabytesOf(null)).toBe('')
})

it('asks for a dry run once nothing but the name is missing, and for no other as the name is typed', () => {
  const unnamed = emptySchedule('UTC', [somewhere])
  expect(dryRunOf(emptySchedule('UTC', []), null)).toBeNull()
  expect(dryRunOf(unnamed, null)).toEqual(dryRunOf({ ...unnamed, name: 'nightly' }, null))
  const id = scheduleIdSchema.parse(crypto.randomUUID())
  expect(dryRunOf(unnamed, id)).toMatchObject({ id })
})
