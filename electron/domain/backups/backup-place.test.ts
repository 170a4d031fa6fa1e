import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readManifest, writeManifest } from '../../../shared/backup-manifest.ts'
import { destinationIdSchema } from '../../../shared/contract/destinations.ts'
import { standingClock, temporaryFolder } from '../../adapters/sqlite/fixtures.ts'
import { openStores } from '../../adapters/sqlite/index.ts'
import type { Destination } from '../../destinations/destination.ts'
import { destinationKinds } from '../../destinations/index.ts'
import { neverAborted as signal } from '../never-aborted.ts'
import { backupPlace, removeManifest, removeUnfinished } from './backup-place.ts'
import { keepCopy } from './keep-copy.ts'
import { someManifest } from './manifest-fixture.ts'

const manifest = someManifest()
const place = backupPlace({
  container: manifest.database.container,
  databaseId: manifest.database.id,
  madeAt: Date.parse(manifest.createdAt),
})
const { dump } = place.named({ codec: 'none', encrypted: false })
let home: ReturnType<typeof temporaryFolder>
let destination: Destination
const path = (name: string): string => join(home.path, name)

beforeEach(() => {
  home = temporaryFolder()
  const [kind] = destinationKinds
  if (kind === undefined) throw new Error('there is no kind')
  destination = kind.open({ folder: home.path }, {}, { volumes: { at: () => expect.fail() } })
  mkdirSync(dirname(path(dump)))
  writeFileSync(path(dump), 'PGDMP')
  // What a put leaves that is killed before its rename, where there are no hard links.
  writeFileSync(path(place.manifest), '')
})
afterEach(() => home[Symbol.dispose]())

it('a manifest of which only the name came to be is written by the next try', async () => {
  const clock = standingClock()
  const stores = openStores({ file: path('quayside.db'), clock })
  const id = destinationIdSchema.parse(crypto.randomUUID())
  stores.destinations.insert({
    id,
    name: 'near',
    kind: 'any',
    config: {},
    secretNames: [],
    createdAt: 1,
    lastCheck: null,
    marker: 'none',
  })
  const { seal: _, ...described } = manifest
  const deps = {
    stores,
    clock,
    publish: () => undefined,
    keys: {} as never,
    recoveryKey: {} as never,
  }
  await keepCopy(deps, destination, id, { described, madeHere: true }, signal)
  expect(readManifest(readFileSync(path(place.manifest), 'utf8')).id).toBe(manifest.id)
  stores.close()
})

it('… or taken away by the undo, and the dump with it', async () => {
  await removeManifest(destination, place, manifest.id, signal)
  expect(existsSync(path(place.manifest))).toBe(false)
  await removeUnfinished(destination, place, signal)
  expect(existsSync(path(dump))).toBe(false)
})

it('is in the way of no other try, while a whole one is', async () => {
  await removeUnfinished(destination, place, signal)
  expect(existsSync(path(dump))).toBe(false)
  writeFileSync(path(place.manifest), writeManifest(manifest))
  await expect(removeUnfinished(destination, place, signal)).rejects.toMatchObject({
    code: 'name_taken',
  })
})
