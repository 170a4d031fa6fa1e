import { expect, it } from 'vitest'
import { backupIdSchema } from '../../../shared/contract/backups.ts'
import { destinationIdSchema } from '../../../shared/contract/destinations.ts'
import { someDatabase, someHost } from '../../adapters/sqlite/fixtures.ts'
import type { CopyHead } from '../ports.ts'
import { lateDatabases } from './lateness.ts'
import { someSchedule } from './schedule-fixtures.ts'

const hour = 3_600_000
const due = Date.UTC(2026, 5, 15, 3, 30)
const database = someDatabase(someHost(), { state: 'ready' })
const nightly = someSchedule({ jitterSeconds: 600 })

function copy(madeAt: number, change: Partial<CopyHead> = {}): CopyHead {
  return {
    backupId: backupIdSchema.parse(crypto.randomUUID()),
    destinationId: destinationIdSchema.parse(crypto.randomUUID()),
    databaseId: database.id,
    madeAt,
    plainBytes: 1,
    storedBytes: 1,
    storedAt: madeAt,
    verifiedAt: null,
    restoredAt: null,
    problem: null,
    ...change,
  }
}
const isLate = (copies: readonly CopyHead[], now: number, schedule = nightly): boolean =>
  lateDatabases([schedule], [database], copies, now).has(database.id)

it('a backup is late an hour, and the jitter, after its time, until there is a good one', () => {
  const yesterday = copy(due - 23 * hour)
  expect(isLate([yesterday], due + hour)).toBe(false)
  expect(isLate([yesterday], due + hour + 600_000 + 1)).toBe(true)
  expect(isLate([], due + 2 * hour)).toBe(true)
  expect(isLate([yesterday, copy(due + hour / 2)], due + 2 * hour)).toBe(false)
  const damaged = { code: 'backup_damaged', message: 'It is damaged.' } as const
  expect(isLate([yesterday, copy(due, { problem: damaged })], due + 2 * hour)).toBe(true)
})

it('what a schedule was not there for, or is off for, is not late', () => {
  expect(isLate([], due + 2 * hour, someSchedule({}, { createdAt: due + 1 }))).toBe(false)
  expect(isLate([], due + 2 * hour, someSchedule({ enabled: false }))).toBe(false)
  const born = { ...database, createdAt: due + 1 }
  expect(lateDatabases([nightly], [born], [], due + 2 * hour).size).toBe(0)
})
