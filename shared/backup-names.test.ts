import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codecs } from './backup-manifest.ts'
import { backupNames, parseBackupName } from './backup-names.ts'

const container = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/)
const second = fc.integer({ min: 0, max: 253_402_300_799 }).map((seconds) => seconds * 1000)
const identity = fc.record({ container, databaseId: fc.uuid(), createdAt: second })
const form = fc.record({ codec: fc.constantFrom(...codecs), encrypted: fc.boolean() })

describe('the names of a backup', () => {
  it('say container, database, time in UTC and how it is stored', () => {
    const names = backupNames(
      {
        container: 'shop-production-postgres',
        databaseId: '0B5C3F2E-1d2a-4c1b-8d8e-0123456789ab',
        createdAt: Date.UTC(2026, 10, 21, 3, 4, 5, 999),
      },
      { codec: 'zstd', encrypted: true },
    )
    const base = 'shop-production-postgres-20261121-030405'
    expect(names).toEqual({
      folder: 'shop-production-postgres.0b5c3f2e',
      base,
      dump: `shop-production-postgres.0b5c3f2e/${base}.dump.zst.enc`,
      roles: `shop-production-postgres.0b5c3f2e/${base}.roles.json.enc`,
      manifest: `shop-production-postgres.0b5c3f2e/${base}.manifest.json`,
    })
  })

  it('are read back as they were written', () => {
    fc.assert(
      fc.property(identity, form, (who, how) => {
        const names = backupNames(who, how)
        const same = {
          folder: names.folder,
          base: names.base,
          container: who.container,
          databaseId8: who.databaseId.slice(0, 8),
          createdAt: who.createdAt,
        }
        expect(parseBackupName(names.dump)).toEqual({ ...same, part: 'dump', ...how })
        expect(parseBackupName(names.roles)).toEqual({
          ...same,
          part: 'roles',
          encrypted: how.encrypted,
        })
        expect(parseBackupName(names.manifest)).toEqual({ ...same, part: 'manifest' })
      }),
    )
  })

  it('sort by time within a folder', () => {
    fc.assert(
      fc.property(identity, second, (who, later) => {
        const [a, b] = [who.createdAt, later].map(
          (createdAt) =>
            backupNames({ ...who, createdAt }, { codec: 'gzip', encrypted: false }).base,
        )
        expect(Math.sign(who.createdAt - later)).toBe(a === b ? 0 : (a ?? '') < (b ?? '') ? -1 : 1)
      }),
    )
  })

  it.each([
    'quayside-keys.json',
    'shop.0b5c3f2e/shop-20261121-030405.dump.br',
    'shop.0b5c3f2e/shop-20261121-030405.dump.gz.part',
    'shop.0b5c3f2e/shop-20261121-030405.manifest.json.enc',
    'shop.0b5c3f2e/shop-20260231-030405.dump',
    'shop.0b5c3f2e/shop-20261121-250000.dump',
    'shop.0b5c3f2e/other-20261121-030405.dump',
    'shop.0b5c3f2/shop-20261121-030405.dump',
    '../shop.0b5c3f2e/shop-20261121-030405.dump',
    'shop.0b5c3f2e/x/shop-20261121-030405.dump',
    'shop.0b5c3f2e/shop-20261121-030405.dump\n',
  ])('do not include %j', (name) => {
    expect(parseBackupName(name)).toBeNull()
  })

  it('never choke on a name', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const found = parseBackupName(name)
        if (found) expect(name.startsWith(`${found.folder}/${found.base}.`)).toBe(true)
      }),
    )
  })
})
