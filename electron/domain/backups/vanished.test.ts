import { describe, expect, it } from 'vitest'
import { backupIdSchema } from '../../../shared/contract/backups.ts'
import { destinationIdSchema } from '../../../shared/contract/destinations.ts'
import type { ErrorCode } from '../../../shared/errors.ts'
import { someDatabase, someHost } from '../../adapters/sqlite/fixtures.ts'
import type { CopyHead } from '../ports.ts'
import { freshnessOf } from './freshness.ts'
import { someSchedule } from './schedule-fixtures.ts'

const day = 86_400_000
const due = Date.UTC(2026, 5, 15, 3, 30)
const database = someDatabase(someHost(), { state: 'ready' })
const disk = destinationIdSchema.parse(crypto.randomUUID())
const cold = destinationIdSchema.parse(crypto.randomUUID())
const paused = someSchedule({ enabled: false, destinationIds: [disk, cold] })

function copy(destinationId: CopyHead['destinationId'], problem?: ErrorCode): CopyHead {
  return {
    backupId: backupIdSchema.parse(crypto.randomUUID()),
    destinationId,
    databaseId: database.id,
    madeAt: due - 9 * day,
    plainBytes: 1,
    storedBytes: 1,
    storedAt: due - 9 * day,
    verifiedAt: due - 9 * day,
    restoredAt: null,
    problem: problem === undefined ? null : { code: problem, message: 'No.' },
  }
}

/** From where they are told to have vanished, by name. */
function vanished(copies: readonly CopyHead[], schedules = [paused]) {
  const [own] = freshnessOf({
    databases: [database],
    copies,
    schedules,
    active: [],
    failed: [],
    proofs: new Map(),
    now: due + day,
    destinationName: (id) => (id === cold ? 'cold' : 'disk'),
  })
  return own?.vanished.map(({ destinationName }) => destinationName)
}

describe('that all backups of a database have vanished from a destination', () => {
  it('is told while its schedule is off, which makes none late, and where it has none', () => {
    const gone = [copy(disk, 'not_found'), copy(disk, 'not_found')]
    expect(vanished([copy(disk)])).toEqual([])
    expect(vanished(gone)).toEqual(['disk'])
    expect(vanished(gone, [])).toEqual(['disk'])
    expect(vanished(gone, [someSchedule({ destinationIds: [disk] })])).toEqual(['disk'])
  })

  it('is not told of one that never had any, nor while a good one is left there', () => {
    expect(vanished([])).toEqual([])
    expect(vanished([copy(disk, 'not_found'), copy(disk)])).toEqual([])
  })

  it('is told of each destination by itself, however good the copies elsewhere are', () => {
    expect(vanished([copy(disk), copy(cold, 'not_found')])).toEqual(['cold'])
    expect(vanished([copy(disk, 'not_found'), copy(cold, 'not_found')])).toEqual(['disk', 'cold'])
  })

  it('counts a damaged one for nothing, and one whose key may yet be found for one that is left', () => {
    const gone = copy(disk, 'not_found')
    expect(vanished([gone, copy(disk, 'backup_damaged')])).toEqual(['disk'])
    expect(vanished([gone, copy(disk, 'backup_key_missing')])).toEqual([])
  })
})
