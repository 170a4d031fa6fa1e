import { expect, it } from 'vitest'
import { QuaysideError } from '../../../shared/errors.ts'
import type { CopyRecord, DatabaseRecord } from '../ports.ts'
import type { BackupJobDeps } from './backup-job.ts'
import { someManifest } from './manifest-fixture.ts'
import { planInPlace, replicationWarnings } from './plan-restore.ts'

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

it('says which of two databases of one name a restore replaces', async () => {
  const copy = {
    manifest: someManifest(),
    problem: null,
    verifiedAt: 1,
    madeHere: true,
  } as CopyRecord
  const record = {
    id: crypto.randomUUID(),
    name: 'shop',
    environment: 'staging',
    containerName: 'shop-staging-stonedb',
    database: 'shop',
    user: 'shop',
  } as DatabaseRecord
  const away = () => {
    throw new QuaysideError('host_unreachable', 'harbour does not answer.')
  }
  const deps = { registry: { get: away }, engines: { get: () => ({}) } } as unknown as BackupJobDeps
  const { actions, warnings } = await planInPlace(deps, copy, record)
  const text = actions.map((action) => action.text).join('\n')
  expect(text).toContain('shop (staging) as it is now')
  expect(text).toContain('beside shop of shop-staging-stonedb')
  expect(warnings[0]).toContain('What was written to shop (staging) after')
  expect(warnings.join(' ')).toContain('another database: shop (production) on harbour.')
})
