import { expect, it } from 'vitest'
import { backupSchema } from '../../../../shared/contract/backups.ts'
import { nameFault, targetOf, type RestoreValues } from './restore-form.ts'

const at = Date.UTC(2026, 10, 21, 14, 5)
const backup = backupSchema.parse({
  id: crypto.randomUUID(),
  databaseId: crypto.randomUUID(),
  databaseName: 'shop',
  environment: 'staging',
  engine: 'anyengine',
  hostName: 'ams-1',
  createdAt: at,
  plainBytes: 1,
  codec: 'none',
  serverVersion: '17',
  tables: 0,
  rows: 0,
  warnings: [],
  copies: [],
})
const values: RestoreValues = {
  kind: 'beside',
  hostId: crypto.randomUUID(),
  name: 'shop-restored',
  environment: 'staging',
  databaseId: '',
  confirmName: '',
}

it('gives the core a target once nothing is missing', () => {
  expect(targetOf(values, backup)).toMatchObject({ kind: 'new', name: 'shop-restored' })
  expect(targetOf({ ...values, hostId: '' }, backup)).toBeNull()
  expect(targetOf({ ...values, kind: 'in-place' }, backup)).toMatchObject({ kind: 'in-place' })
  expect(targetOf({ ...values, kind: 'in-place' }, { ...backup, databaseId: null })).toBeNull()
  const databaseId = crypto.randomUUID()
  expect(targetOf({ ...values, kind: 'another' }, backup)).toBeNull()
  expect(targetOf({ ...values, kind: 'another', databaseId }, backup)).toMatchObject({ databaseId })
  expect(nameFault({ ...values, name: 'Shop' })).toContain('lower-case')
  expect(nameFault({ ...values, kind: 'in-place', name: '' })).toBeUndefined()
})
