import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  someDatabase,
  someHost,
  standingClock,
  temporaryFolder,
} from '../../adapters/sqlite/fixtures.ts'
import { openStores } from '../../adapters/sqlite/index.ts'
import type { Destination } from '../../destinations/destination.ts'
import { destinationKinds } from '../../destinations/index.ts'
import { writeManifest, type BackupManifest } from '../../../shared/backup-manifest.ts'
import { backupIdSchema } from '../../../shared/contract/backups.ts'
import { destinationIdSchema } from '../../../shared/contract/destinations.ts'
import type { Stores } from '../ports.ts'
import { keepCopy } from './keep-copy.ts'
import { someManifest } from './manifest-fixture.ts'
import { isForeign } from './open-copy.ts'
import { scanDestination } from './scan-destination.ts'
import { namesOf } from './view-backup.ts'

// A real store and a real folder, into which somebody else can write too.

const destinationId = destinationIdSchema.parse('2f0c5d1e-7a11-4b8e-9a39-0f7b0c1d2e3f')
const clock = standingClock()
const { signal } = new AbortController()
const never = (): never => {
  throw new Error('nobody asks for a key or a host here')
}

let folder: ReturnType<typeof temporaryFolder>
let stores: Stores
let destination: Destination

beforeEach(() => {
  folder = temporaryFolder()
  stores = openStores({ file: join(folder.path, 'quayside.db'), clock })
  const kind = destinationKinds.find(({ info }) => info.id === 'local-folder')
  destination =
    kind?.open({ folder: join(folder.path, 'near') }, {}, { volumes: { at: never } }) ?? never()
  mkdirSync(join(folder.path, 'near'))
  stores.destinations.insert({
    ...{ id: destinationId, name: 'near', kind: 'local-folder', config: {}, secretNames: [] },
    ...{ createdAt: 1, lastCheck: null },
  })
})
afterEach(async () => {
  await destination.close()
  stores.close()
  folder[Symbol.dispose]()
})

/** As anybody can who may write there. */
function lay(manifest: BackupManifest): void {
  const names = namesOf(manifest)
  mkdirSync(join(folder.path, 'near', names.folder), { recursive: true })
  writeFileSync(join(folder.path, 'near', names.dump), 'PGDMP')
  writeFileSync(join(folder.path, 'near', names.manifest), writeManifest(manifest))
}

const scanned = async ({ id }: BackupManifest) => {
  await scanDestination(stores, destination, destinationId, signal)
  const copy = stores.backups.get(backupIdSchema.parse(id), destinationId)
  if (copy === null) throw new Error('it was not found')
  return copy
}

it('trusts what this installation wrote, and no other’s manifest of a database of ours', async () => {
  const host = someHost()
  const record = someDatabase(host)
  stores.hosts.insert(host)
  stores.databases.insert(record)
  const { seal: _, ...own } = someManifest()
  const database = { ...own.database, id: record.id }
  const deps = { stores, clock, publish: () => undefined, keys: { byId: never } as never }
  const described = { ...own, database }
  await keepCopy(deps, destination, destinationId, { described, madeHere: true }, signal)
  const ours = await scanned({ ...described, seal: null })
  expect(isForeign(ours)).toBe(false)

  const forged = someManifest({ database, createdAt: '2026-01-16T03:00:00.000Z' })
  lay(forged)
  expect(isForeign(await scanned(forged))).toBe(true)

  // Nor what takes the place of one that was removed here.
  stores.backups.remove(ours.backupId, destinationId)
  expect(isForeign(await scanned(ours.manifest))).toBe(true)
})
