import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { destinationIdSchema } from '../../../shared/contract/destinations.ts'
import { createStoredSamples } from '../../domain/destinations/stored-samples.ts'
import type { Stores } from '../../domain/ports.ts'
import { standingClock, temporaryFolder } from './fixtures.ts'
import { openStores } from './index.ts'

const dayMs = 24 * 3_600_000
const nothing = () => undefined

let folder: ReturnType<typeof temporaryFolder>
let stores: Stores
let file: string
const clock = standingClock(20_000 * dayMs)

beforeEach(() => {
  folder = temporaryFolder()
  file = join(folder.path, 'quayside.db')
  clock.at = 20_000 * dayMs
  stores = openStores({ file, clock })
})
afterEach(() => {
  stores.close()
  folder[Symbol.dispose]()
})

function destination(name: string) {
  const id = destinationIdSchema.parse(crypto.randomUUID())
  stores.destinations.insert({
    id,
    name,
    kind: 'attic',
    config: {},
    secretNames: [],
    createdAt: 1,
    lastCheck: null,
    marker: 'none',
  })
  return id
}

/** A copy whose manifest nobody reads here. */
function copy(destinationId: string, bytes: number, problem: string | null = null): void {
  const writer = new Database(file)
  writer
    .prepare(`INSERT INTO backup_copies VALUES (?, ?, ?, 1, 9, ?, 1, NULL, NULL, ?, '{}', 0)`)
    .run(crypto.randomUUID(), destinationId, crypto.randomUUID(), bytes, problem)
  writer.close()
}

const samples = () =>
  createStoredSamples({ stores, clock, log: { info: nothing, warn: nothing, error: nothing } })
const stored = async () =>
  (await samples().stored({})).map(({ day, bytes, copies }) => [day, bytes, copies])

test('a day has what lay there last; what is missing counts for nothing, what is damaged does', async () => {
  const id = destination('attic')
  samples().take()
  expect(await stored()).toEqual([[20_000, 0, 0]])
  copy(id, 700)
  copy(id, 50, '{"code":"backup_damaged","message":"It is."}')
  copy(id, 9_000, '{"code":"not_found","message":"It is gone."}')
  samples().take()
  expect(await stored()).toEqual([[20_000, 750, 2]])
  clock.at += dayMs
  copy(id, 30)
  samples().take()
  expect(await stored()).toEqual([
    [20_000, 750, 2],
    [20_001, 780, 3],
  ])
})

test('each destination has its own; they go with it', async () => {
  const one = destination('attic')
  const other = destination('cellar')
  copy(one, 5)
  copy(other, 6)
  samples().take()
  expect((await stored()).toSorted()).toEqual([
    [20_000, 5, 1],
    [20_000, 6, 1],
  ])
  const writer = new Database(file)
  writer.exec('DELETE FROM backup_copies')
  writer.close()
  stores.destinations.remove(one)
  expect(await stored()).toEqual([[20_000, 6, 1]])
})

test('30 days are told, older ones are forgotten in time', async () => {
  destination('attic')
  for (let day = 0; day < 120; day += 1) {
    samples().take()
    clock.at += dayMs
  }
  expect(await stored()).toHaveLength(29)
  expect(stores.storedSamples.since(0)).toHaveLength(90)
})

test('where nothing has changed, nothing is written', () => {
  copy(destination('attic'), 5)
  samples().take()
  const reader = new Database(file, { readonly: true })
  const version = () => reader.pragma('data_version', { simple: true })
  const before = version()
  samples().take()
  expect(version()).toBe(before)
  reader.close()
})

test('a data file that cannot be written spoils no more than the picture', () => {
  stores.close()
  expect(() => samples().take()).not.toThrow()
  stores = openStores({ file, clock })
})
