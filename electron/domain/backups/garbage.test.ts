import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Destination } from '../../destinations/destination.ts'
import { destinationKinds } from '../../destinations/index.ts'
import { removeGarbage } from './garbage.ts'

// A real folder, with files as old as the test says.

const hour = 3_600_000
const folder = 'shop-x.0a1b2c3d'
const base = (time: string): string => `${folder}/shop-x-20260615-${time}`
const { signal } = new AbortController()

let root = ''
let destination: Destination

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'quayside-garbage-'))
  const kind = destinationKinds.find(({ info }) => info.id === 'local-folder')
  if (kind === undefined) throw new Error('there is no such kind')
  const never = (): never => {
    throw new Error('no host is asked')
  }
  destination = kind.open({ folder: root }, {}, { volumes: { at: never } })
})
afterEach(async () => {
  await destination.close()
  await rm(root, { recursive: true, force: true })
})

async function lay(name: string, hoursOld: number, content = 'x'): Promise<void> {
  const path = join(root, name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
  const at = new Date(Date.now() - hoursOld * hour)
  await utimes(path, at, at)
}
const names = async (): Promise<string[]> =>
  (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .toSorted()

it('takes away old dumps without a manifest, and nothing else', async () => {
  await lay(`${base('010000')}.dump.zst`, 30)
  await lay(`${base('010000')}.roles.json`, 30)
  await lay(`${base('020000')}.dump.zst.enc`, 30)
  await lay(`${base('020000')}.manifest.json`, 30)
  await lay(`${base('030000')}.dump`, 23)
  await lay(`${base('040000')}.dump`, 0)
  await lay(`${base('040000')}.manifest.json`, 0)
  await lay(`${folder}/notes.txt`, 900)
  await lay(`shop-x.ffffffff/shop-x-20260615-010000.dump`, 900)
  expect(await removeGarbage(destination, folder, Date.now(), signal)).toBe(2)
  expect(await names()).toEqual([
    'notes.txt',
    'shop-x-20260615-010000.dump',
    'shop-x-20260615-020000.dump.zst.enc',
    'shop-x-20260615-020000.manifest.json',
    'shop-x-20260615-030000.dump',
    'shop-x-20260615-040000.dump',
    'shop-x-20260615-040000.manifest.json',
  ])
  expect(await removeGarbage(destination, folder, Date.now(), signal)).toBe(0)
})

it('takes away what a put left that was killed when it had only taken the manifest’s name', async () => {
  await lay(`${base('010000')}.dump`, 30)
  await lay(`${base('010000')}.manifest.json`, 30, '')
  await lay(`${base('020000')}.dump`, 0)
  await lay(`${base('020000')}.manifest.json`, 0, '')
  expect(await removeGarbage(destination, folder, Date.now(), signal)).toBe(2)
  expect(await names()).toEqual([
    'shop-x-20260615-020000.dump',
    'shop-x-20260615-020000.manifest.json',
  ])
})

it('leaves the parts of other folders: what is written there is not known here', async () => {
  await lay(`${folder}/.shop-x-20260615-010000.dump.0a1b2c3d.part`, 30)
  await lay(`shop-x.ffffffff/.shop-x-20260615-010000.dump.0a1b2c3d.part`, 30)
  expect(await removeGarbage(destination, folder, Date.now(), signal)).toBe(1)
  expect(await names()).toHaveLength(1)
})

it('takes away parts of what lies at the root', async () => {
  for (const name of ['quayside-keys.json', 'quayside-destination.txt'])
    await lay(`.${name}.0a1b2c3d.part`, 30)
  expect(await removeGarbage(destination, folder, Date.now(), signal)).toBe(2)
  expect(await names()).toEqual([])
})

it('goes by the clock of the destination: beside nothing younger, nothing is old', async () => {
  await lay(`${base('010000')}.dump.zst`, 900)
  expect(await removeGarbage(destination, folder, Date.now(), signal)).toBe(0)
})

it('a clock of this computer that is behind makes nothing old', async () => {
  await lay(`${base('010000')}.dump.zst`, 30)
  await lay(`${base('020000')}.manifest.json`, 0)
  expect(await removeGarbage(destination, folder, Date.now() - 20 * hour, signal)).toBe(0)
})
