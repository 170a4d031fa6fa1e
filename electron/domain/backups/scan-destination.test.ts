import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
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
import { toErrorData } from '../../../shared/errors.ts'
import type { CopyRecord, Stores } from '../ports.ts'
import { notAsLong } from './damaged-copy.ts'
import { copyRecord, keepCopy } from './keep-copy.ts'
import { lookAtDestination } from './look-at-destination.ts'
import { someManifest } from './manifest-fixture.ts'
import { isForeign } from './open-copy.ts'
import { scanDestination } from './scan-destination.ts'
import { namesOf } from './view-backup.ts'

// A real store and a real folder; what comes while a listing is under way is written from within it.

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
afterEach(async () => {
  await destination.close()
  stores.close()
  folder[Symbol.dispose]()
})

/** Puts a backup there, as anybody can who may write there. */
function lay(manifest: BackupManifest): void {
  const names = namesOf(manifest)
  mkdirSync(join(folder.path, 'near', names.folder), { recursive: true })
  writeFileSync(join(folder.path, 'near', names.dump), 'PGDMP')
  writeFileSync(join(folder.path, 'near', names.manifest), writeManifest(manifest))
}

/** A copy that lies there, and is not known. */
function laid(): CopyRecord {
  const manifest = someManifest()
  lay(manifest)
  return { ...copyRecord(manifest, destinationId, clock.at), madeHere: true, verifiedAt: clock.at }
}

const stored = ({ backupId }: CopyRecord) => stores.backups.get(backupId, destinationId)

/** The folder, during whose listing something happens: before its first name, or after its last. */
function during(when: 'before' | 'after', act: () => void): Destination {
  return {
    ...destination,
    list: async function* (prefix, options) {
      if (when === 'before') act()
      yield* destination.list(prefix, options)
      if (when === 'after') act()
    },
  }
}

describe.each([
  ['a scan', scanDestination],
  ['a daily look', lookAtDestination],
])('%s', (_what, run) => {
  it('leaves a copy alone that was made here meanwhile', async () => {
    const copy = laid()
    const beside = during('before', () => {
      stores.backups.put(copy)
    })
    await run(stores, beside, destinationId, signal)
    expect(stored(copy)).toMatchObject({ madeHere: true, verifiedAt: clock.at, problem: null })
  })

  it('does not miss a copy that came after what it listed', async () => {
    const here = laid()
    const away = join(folder.path, 'away')
    renameSync(join(folder.path, 'near', namesOf(here.manifest).folder), away)
    const beside = during('after', () => {
      renameSync(away, join(folder.path, 'near', namesOf(here.manifest).folder))
      stores.backups.put(here)
    })
    await run(stores, beside, destinationId, signal)
    expect(stored(here)?.problem).toBeNull()
  })

  it('says what is gone until it is back, and does not forget damage over it', async () => {
    const copies = { whole: laid(), damaged: laid() }
    for (const copy of Object.values(copies)) stores.backups.put(copy)
    const { backupId } = copies.damaged
    const damage = { ...toErrorData(notAsLong(4, 5)), facts: { reads: '2' } }
    stores.backups.update(backupId, destinationId, { problem: damage })
    const codes = () => Object.values(copies).map((copy) => stored(copy)?.problem?.code)

    const near = join(folder.path, 'near')
    renameSync(near, join(folder.path, 'away'))
    mkdirSync(near)
    await run(stores, destination, destinationId, signal)
    expect(codes()).toEqual(['not_found', 'backup_damaged'])

    renameSync(join(folder.path, 'away'), near)
    await run(stores, destination, destinationId, signal)
    expect(codes()).toEqual([undefined, 'backup_damaged'])
    expect(stored(copies.damaged)?.problem).toEqual(damage)
  })
})

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
  const deps = {
    stores,
    clock,
    publish: () => undefined,
    keys: {} as never,
    recoveryKey: {} as never,
  }
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
