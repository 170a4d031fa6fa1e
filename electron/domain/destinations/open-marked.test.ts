import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { contract } from '../../../shared/contract/index.ts'
import type { DestinationId } from '../../../shared/contract/destinations.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { standingClock, temporaryFolder } from '../../adapters/sqlite/fixtures.ts'
import { openStores } from '../../adapters/sqlite/index.ts'
import { markerName, type Destination } from '../../destinations/destination.ts'
import { destinationKinds } from '../../destinations/index.ts'
import { copyRecord } from '../backups/keep-copy.ts'
import { someManifest } from '../backups/manifest-fixture.ts'
import { namesOf } from '../backups/view-backup.ts'
import { neverAborted } from '../never-aborted.ts'
import type { DestinationRecord, Stores } from '../ports.ts'
import { createDestinations, type Destinations } from './destinations.ts'
import { openMarked } from './open-marked.ts'

const signal = neverAborted
let home: ReturnType<typeof temporaryFolder>
let stores: Stores & { close(): void }
let destinations: Destinations
/** Where the disk is mounted. */
let disk: string

beforeEach(() => {
  home = temporaryFolder()
  disk = join(home.path, 'usb')
  mkdirSync(disk)
  const clock = standingClock()
  stores = openStores({ file: join(home.path, 'quayside.db'), clock })
  destinations = createDestinations({
    stores,
    secrets: {
      status: () => expect.fail(),
      get: () => Promise.resolve(null),
      set: () => Promise.resolve(),
      delete: () => Promise.resolve(),
      createVault: () => expect.fail(),
      unlockVault: () => expect.fail(),
      settle: () => Promise.resolve(),
    },
    clock,
    publish: () => undefined,
    kinds: destinationKinds,
    volumes: { at: () => expect.fail() },
    uses: () => [],
  })
})
afterEach(() => {
  stores.close()
  home[Symbol.dispose]()
})

const add = async (): Promise<DestinationId> => {
  const given = { kind: 'local-folder', config: { folder: disk }, secrets: {} }
  // What stands in the record for this alone is no part of the answer.
  return contract['destinations.add'].output.parse(
    await destinations.service.add({ name: 'usb', ...given }),
  ).id
}
const check = async (id: DestinationId) => {
  const { steps } = await destinations.service.check({ checkId: '1', id })
  return steps.find(({ error }) => error !== null)?.error?.code ?? 'fine'
}
const put = (destination: Destination, name: string) =>
  destination.put(name, Readable.from([Buffer.from('dump')]), { signal, exclusive: true })
const listed = async (destination: Destination): Promise<string[]> => {
  const names: string[] = []
  for await (const { name } of destination.list('', { signal })) names.push(name)
  return names
}

/** The disk goes away, and leaves the folder that it was mounted on. */
const unmount = (): void => {
  renameSync(disk, join(home.path, 'away'))
  mkdirSync(disk)
}
const mount = (): void => {
  rmSync(disk, { recursive: true })
  renameSync(join(home.path, 'away'), disk)
}

/** A destination of before folders were marked, with a backup that is known to lie there. */
async function keptBefore(): Promise<{ id: DestinationId; lay: () => void }> {
  const id = await add()
  rmSync(join(disk, markerName))
  stores.destinations.update(id, { marker: 'none' })
  const manifest = someManifest()
  stores.backups.put(copyRecord(manifest, id, 1))
  const { folder, dump } = namesOf(manifest)
  const lay = (): void => {
    mkdirSync(join(disk, folder))
    writeFileSync(join(disk, dump), 'dump')
  }
  return { id, lay }
}

it('a folder whose disk is away is no empty destination: nothing is stored, listed or removed there', async () => {
  const id = await add()
  const destination = await destinations.open(id)
  await put(destination, 'a.dump')
  unmount()
  const away = {
    code: 'destination_unreachable',
    message: expect.stringContaining(markerName) as string,
  }
  for (const one of [destination, await destinations.open(id)]) {
    await expect(put(one, 'b.dump')).rejects.toMatchObject(away)
    await expect(listed(one)).rejects.toMatchObject(away)
    await expect(one.stat('a.dump', { signal })).rejects.toMatchObject(away)
    await expect(one.get('a.dump', { signal })).rejects.toMatchObject(away)
    await expect(one.remove('a.dump', { signal })).rejects.toMatchObject(away)
    await expect(one.sweep({ signal, olderThanMs: 0 })).rejects.toMatchObject(away)
  }
  expect(await check(id)).toBe('destination_unreachable')
  expect(readdirSync(disk)).toEqual([])
  mount()
  expect(await check(id)).toBe('fine')
  expect(await listed(destination)).toContain('a.dump')
})

it('a folder that lost its marker gets it again when the destination is saved again', async () => {
  const id = await add()
  rmSync(join(disk, markerName))
  await destinations.service.update({ id, name: 'stick' })
  expect(await check(id)).toBe('destination_unreachable')
  await destinations.service.update({ id, config: { folder: disk } })
  expect(await check(id)).toBe('fine')
  expect(readdirSync(disk)).toEqual([markerName])
})

it('a check of another place than is kept marks nothing there', async () => {
  const id = await add()
  const folder = join(home.path, 'other')
  mkdirSync(folder)
  const tried = await destinations.service.check({ checkId: '1', id, config: { folder } })
  expect(tried.ok).toBe(true)
  expect(readdirSync(folder)).toEqual([])
})

it('a destination of before is marked once a backup of ours is seen there, and not on a mount point', async () => {
  const { id, lay } = await keptBefore()
  await expect(destinations.open(id)).rejects.toMatchObject({ code: 'destination_unreachable' })
  expect(readdirSync(disk)).toEqual([])
  lay()
  expect(await listed(await destinations.open(id))).toContain(markerName)
  expect(stores.destinations.get(id)?.marker).toBe('made')
})

it('a destination of before where nothing was ever stored is marked at its first use', async () => {
  const id = await add()
  rmSync(join(disk, markerName))
  stores.destinations.update(id, { marker: 'none' })
  await destinations.open(id)
  expect(readdirSync(disk)).toEqual([markerName])
})

it('a place that can’t be written to is read without a marker', async () => {
  const [kind] = destinationKinds
  if (kind === undefined) throw new Error('there is no kind')
  const wanted: Pick<DestinationRecord, 'id' | 'marker'> = { id: await add(), marker: 'wanted' }
  rmSync(join(disk, markerName))
  writeFileSync(join(disk, 'a.dump'), 'dump')
  const opened = await openMarked(stores, wanted, disk, (marked) => ({
    ...kind.open({ folder: disk }, {}, { volumes: { at: () => expect.fail() }, marked }),
    put: () => Promise.reject(new QuaysideError('destination_denied', 'It is read-only.')),
  }))
  expect(await listed(opened)).toEqual(['a.dump'])
})
