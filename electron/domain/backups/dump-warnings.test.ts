import { expect, it } from 'vitest'
import type { BackupManifest } from '../../../shared/backup-manifest.ts'
import { destinationIdSchema } from '../../../shared/contract/destinations.ts'
import type { CopyRecord } from '../ports.ts'
import { otherDatabases, shrinkWarnings } from './dump-warnings.ts'
import { copyRecord } from './keep-copy.ts'
import { someManifest } from './manifest-fixture.ts'

const at = destinationIdSchema.parse('2f0c5d1e-7a11-4b8e-9a39-0f7b0c1d2e3f')
const damaged = { code: 'backup_damaged', message: 'It is.' } as const

function made(plainBytes: number, rows: number, change: Partial<CopyRecord> = {}): CopyRecord {
  const usual = someManifest()
  const manifest: BackupManifest = {
    ...usual,
    dump: { ...usual.dump, plainBytes },
    tables: [{ schema: 'public', name: 'orders', rows }],
  }
  return { ...copyRecord(manifest, at, 1), madeHere: true, ...change }
}
const now = (plainBytes: number, rows: number) => ({
  plainBytes,
  tables: [{ schema: 'public', name: 'orders', rows }],
})

it('warns of a dump that has become less than half of the last good one', () => {
  const before = [made(410_000_000, 9_000), made(1, 1)]
  expect(shrinkWarnings([], now(1, 0))).toEqual([])
  expect(shrinkWarnings(before, now(205_000_000, 4_500))).toEqual([])
  expect(shrinkWarnings(before, now(120_000_000, 9_000))).toEqual([
    'It is less than half as large as the backup before: 120 MB, was 410 MB.',
  ])
  expect(shrinkWarnings(before, now(400_000_000, 12))).toEqual([
    'It has less than half the rows of the backup before: 12, was 9,000.',
  ])
  // Neither one that is damaged nor one that anybody may have put there is what it is measured by.
  const others = [made(9, 9, { problem: damaged }), made(9, 9, { madeHere: false })]
  expect(shrinkWarnings([...others, ...before], now(1_000, 0))).toHaveLength(2)
})

it('says which databases of the server are not in it', () => {
  expect(otherDatabases(['shop'], 'shop')).toEqual([])
  const own = ['shop_before_restore_20261121_091500', 'shop_restoring_0123456789ab']
  expect(otherDatabases(['shop', ...own], 'shop')).toEqual([])
  expect(otherDatabases(['crm', 'shop', ...own], 'shop')).toEqual([
    'The server holds the database crm too; only shop is in this backup.',
  ])
  const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'shop']
  expect(otherDatabases(many, 'shop')).toEqual([
    'The server holds the databases a, b, c, d, e, 2 more too; only shop is in this backup.',
  ])
})
