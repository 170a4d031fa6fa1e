import { describe, expect, it } from 'vitest'
import {
  backupSchema,
  type BackupFreshness,
  type BackupView,
} from '../../../shared/contract/backups.ts'
import { destinationSchema } from '../../../shared/contract/destinations.ts'
import { jobIdSchema } from '../../../shared/contract/jobs.ts'
import { aDatabase } from '../../lib/a-database.ts'
import { backupRows, bestOf, filterBackupRows, sideWords, sortBackupRows } from './backup-rows.ts'

const destination = (name: string, offSite: boolean) =>
  destinationSchema.parse({
    id: crypto.randomUUID(),
    name,
    kind: 'any',
    kindLabel: 'Any',
    place: '/there',
    offSite,
    config: {},
    secrets: [],
    createdAt: 0,
    lastCheck: null,
  })
const near = destination('near', false)
const away = destination('away', true)
const shop = aDatabase({ name: 'shop' })
const wiki = aDatabase({ name: 'wiki', hostName: 'fra-1' })
const damaged = { code: 'backup_damaged', message: 'It is not whole.' } as const

function backup(createdAt: number, copies: { at: typeof near; ok?: boolean; seen?: boolean }[]) {
  return backupSchema.parse({
    id: crypto.randomUUID(),
    databaseId: shop.id,
    databaseName: 'shop',
    environment: 'development',
    engine: 'anyengine',
    hostName: 'ams-1',
    createdAt,
    plainBytes: 10,
    codec: 'zstd',
    serverVersion: '17',
    tables: 1,
    rows: 1,
    warnings: [],
    copies: copies.map(({ at, ok = true, seen = false }) => ({
      destinationId: at.id,
      destinationName: at.name,
      name: 'x',
      bytes: 1,
      encrypted: false,
      createdAt,
      verifiedAt: seen ? createdAt : null,
      restoredAt: null,
      problem: ok ? null : damaged,
    })),
  } satisfies Record<keyof BackupView, unknown>)
}

const fresh = (change: Partial<BackupFreshness>): BackupFreshness => ({
  databaseId: shop.id,
  newest: null,
  trend: [],
  failed: [],
  provenAt: null,
  unproven: null,
  nextRunAt: null,
  late: [],
  vanished: [],
  jobId: null,
  ...change,
})

const rowsOf = (backups: BackupView[], freshness: BackupFreshness[] = []) =>
  backupRows({
    databases: [wiki, shop, aDatabase({ name: 'old', status: 'trash' })],
    freshness,
    backups,
    destinations: [near, away],
  })

describe('how well a database is backed up', () => {
  it('is told for each side by itself', () => {
    const [, row] = rowsOf([
      backup(300, [{ at: near, seen: true }]),
      backup(200, [{ at: near }, { at: away }]),
    ])
    expect(row?.onSite).toMatchObject({ newest: { at: 300, verified: true }, problem: null })
    expect(row?.offSite).toMatchObject({ newest: { at: 200, verified: false }, problem: null })
  })

  it('passes by a copy that is not whole, and says why', () => {
    const [, row] = rowsOf([backup(300, [{ at: near, ok: false }]), backup(200, [{ at: near }])])
    expect(row?.onSite).toMatchObject({ newest: { at: 200, verified: false }, problem: damaged })
  })

  it('is told by what is worst about it: a damaged copy says more than that it is late', () => {
    const newest = { at: 300, verified: true }
    const never = { newest: null, problem: null, late: false, vanished: [] }
    const good = { ...never, newest }
    expect(sideWords(never)).toEqual({ state: null, second: null })
    expect(sideWords({ ...never, late: true })).toEqual({ state: 'doubtful', second: 'late' })
    const broken = { state: 'failed', second: damaged.message }
    expect(sideWords({ ...never, problem: damaged })).toEqual(broken)
    expect(sideWords({ ...never, problem: damaged, late: true })).toEqual(broken)
    expect(sideWords(good)).toEqual({ state: 'verified', second: null })
    expect(sideWords({ ...good, late: true })).toEqual({ state: 'doubtful', second: 'late' })
    expect(sideWords({ ...good, newest: { at: 300, verified: false } }).state).toBe('unverified')
    expect(sideWords({ ...good, problem: damaged, late: true })).toEqual({
      state: 'doubtful',
      second: damaged.message,
    })
    const gone = { problem: damaged, late: true, vanished: ['near', 'nas'] }
    expect(sideWords({ ...never, ...gone })).toEqual({
      state: 'failed',
      second: 'from near and nas',
    })
    expect(sideWords({ ...good, ...gone })).toEqual({
      state: 'doubtful',
      second: 'gone from near and nas',
    })
  })

  it('is told of each backup by the best of its copies', () => {
    const bestAt = (...copies: Parameters<typeof backup>[1]) => bestOf(backup(300, copies).copies)
    expect(bestAt()).toBeNull()
    expect(bestAt({ at: near, ok: false })).toBe('doubtful')
    expect(bestAt({ at: near, ok: false }, { at: near })).toBe('unverified')
    expect(bestAt({ at: near }, { at: near, seen: true })).toBe('verified')
  })

  it('is failed, late and gone where it is, and nowhere else', () => {
    const at = { destinationId: away.id, destinationName: away.name }
    const failed = { jobId: jobIdSchema.parse(crypto.randomUUID()), at: 9, error: damaged, ...at }
    const made = [backup(300, [{ at: near, seen: true }, { at: away }])]
    const rows = rowsOf(made, [fresh({ failed: [failed], late: [at], vanished: [at] })])
    expect(rows[1]?.onSite).toMatchObject({ failed: null, late: false, vanished: [] })
    expect(rows[1]?.offSite).toMatchObject({ newest: { at: 300 }, failed, late: true })
    expect(rows[1]?.offSite.vanished).toEqual(['away'])
    for (const filter of ['failed', 'late', 'vanished'] as const) {
      expect(filterBackupRows(rows, new Set([filter]), new Set())).toEqual([rows[1]])
      expect(filterBackupRows(rowsOf(made, [fresh({})]), new Set([filter]), new Set())).toEqual([])
    }
  })

  it('is not called never where all that was made has vanished', () => {
    const at = { destinationId: near.id, destinationName: near.name }
    const rows = rowsOf([backup(300, [{ at: near, ok: false }])], [fresh({ vanished: [at] })])
    expect(filterBackupRows(rows, new Set(['never']), new Set())).toEqual([rows[0]])
    expect(filterBackupRows(rows, new Set(['vanished']), new Set())).toEqual([rows[1]])
  })

  it('leaves out the trash, and knows who was never backed up', () => {
    const rows = rowsOf([backup(300, [{ at: near }])])
    expect(rows.map(({ database }) => database.name)).toEqual(['wiki', 'shop'])
    expect(filterBackupRows(rows, new Set(['never']), new Set())).toEqual([rows[0]])
    expect(filterBackupRows(rows, new Set(['never']), new Set(['ams-1']))).toEqual([])
    expect(filterBackupRows(rows, new Set(['no-off-site', 'unverified']), new Set())).toEqual(rows)
  })

  it('is ordered by name, by what is oldest, or by size', () => {
    const rows = rowsOf([backup(300, [{ at: near }])], [fresh({ trend: [1, 9] })])
    const names = (order: 'name' | 'age' | 'size') =>
      sortBackupRows(rows, order).map(({ database }) => database.name)
    expect(names('name')).toEqual(['shop', 'wiki'])
    expect(names('age')).toEqual(['wiki', 'shop'])
    expect(names('size')).toEqual(['shop', 'wiki'])
  })
})
