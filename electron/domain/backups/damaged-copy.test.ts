import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { backupIdSchema } from '../../../shared/contract/backups.ts'
import { databaseIdSchema } from '../../../shared/contract/databases.ts'
import { destinationIdSchema } from '../../../shared/contract/destinations.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { standingClock, temporaryFolder } from '../../adapters/sqlite/fixtures.ts'
import { openStores } from '../../adapters/sqlite/index.ts'
import type { CopyRecord, Stores } from '../ports.ts'
import { someManifest } from './manifest-fixture.ts'
import { decideFor } from './retention-view.ts'
import { somePlan } from './schedule-fixtures.ts'
import { judged } from './verify-copy.ts'

// A real store, in which reads write down what they find.

const day = 86_400_000
const clock = standingClock()
const destinationId = destinationIdSchema.parse(crypto.randomUUID())
const databaseId = databaseIdSchema.parse(crypto.randomUUID())
const lastOne = { ...somePlan().retention, last: 1 }
const around = {
  now: clock.at,
  clockJumped: false,
  useOf: () => ({ inUse: false, isTried: false }),
}

let folder: ReturnType<typeof temporaryFolder>
let stores: Stores

beforeEach(() => {
  folder = temporaryFolder()
  stores = openStores({ file: join(folder.path, 'quayside.db'), clock })
  stores.destinations.insert({
    id: destinationId,
    name: 'near',
    kind: 'local-folder',
    config: {},
    secretNames: [],
    createdAt: 1,
    lastCheck: null,
    marker: 'none',
  })
})
afterEach(() => {
  stores.close()
  folder[Symbol.dispose]()
})

function keep(daysOld: number, change: Partial<CopyRecord> = {}): CopyRecord {
  const madeAt = clock.at - daysOld * day
  const manifest = someManifest({
    createdAt: new Date(madeAt).toISOString(),
    madeBy: { quayside: '0.1.0', schedule: true },
  })
  const copy: CopyRecord = {
    backupId: backupIdSchema.parse(manifest.id),
    destinationId,
    databaseId,
    madeAt,
    plainBytes: 5,
    storedBytes: 5,
    storedAt: madeAt,
    verifiedAt: madeAt,
    restoredAt: null,
    problem: null,
    manifest,
    madeHere: true,
    ...change,
  }
  stores.backups.put(copy)
  return copy
}

const read = (copy: CopyRecord, code: 'backup_damaged' | 'not_found' | 'host_lost') =>
  judged({ stores, publish: () => undefined }, copy, () =>
    Promise.reject(new QuaysideError(code, 'So it is.', { facts: { of: 'it' } })),
  ).catch(() => undefined)
const decided = () =>
  decideFor(stores.backups.ofDatabase(databaseId), [somePlan({ retention: lastOne })], around)

const ids = (copies: readonly CopyRecord[]) => copies.map(({ backupId }) => backupId)

it('stays until a second read has found it damaged too', async () => {
  const old = keep(3)
  keep(0)
  await read(old, 'host_lost')
  expect(ids(decided().remove)).toEqual([old.backupId])

  await read(old, 'backup_damaged')
  expect(stores.backups.get(old.backupId, destinationId)?.problem?.facts).toEqual({
    of: 'it',
    reads: '1',
  })
  expect(decided()).toMatchObject({ remove: [], unread: [{ backupId: old.backupId }] })
  expect(ids(decided().onceRead)).toEqual([old.backupId])

  await read(old, 'backup_damaged')
  expect(ids(decided().remove)).toEqual([old.backupId])
  expect(decided()).toMatchObject({ unread: [], onceRead: [] })
})

it('begins anew where a read in between found something else', async () => {
  const old = keep(3)
  keep(0)
  await read(old, 'backup_damaged')
  stores.backups.update(old.backupId, destinationId, { problem: null })
  await read(old, 'backup_damaged')
  expect(ids(decided().unread)).toEqual([old.backupId])
})

it('what was never read stays, and it is told what goes once it has been', () => {
  const unread = [keep(5, { verifiedAt: null }), keep(4, { verifiedAt: null })]
  const newest = keep(0)
  const { remove, keep: kept, onceRead } = decided()
  expect(remove).toEqual([])
  expect(kept).toHaveLength(3)
  expect(ids(onceRead)).toEqual(ids(unread))
  // Read, the unread ones are what lets the older verified ones go.
  stores.backups.update(newest.backupId, destinationId, { verifiedAt: null })
  const oldest = keep(9)
  expect(decided()).toMatchObject({ remove: [] })
  expect(ids(decided().onceRead)).toEqual([oldest.backupId, ...ids(unread)])
})
