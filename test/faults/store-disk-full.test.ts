import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  someHost,
  standingClock,
  temporaryFolder,
} from '../../electron/adapters/sqlite/fixtures.ts'
import { openStores } from '../../electron/adapters/sqlite/index.ts'
import { migrations } from '../../electron/adapters/sqlite/migrations/index.ts'
import { openFile } from '../../electron/adapters/sqlite/open.ts'

// A file system of two megabytes that can really be filled; mounting one takes root on Linux.
const canMount = process.platform === 'linux' && process.getuid?.() === 0

let folder: ReturnType<typeof temporaryFolder>
let disk: string
const clock = standingClock()
const diskFull = expect.objectContaining({ code: 'disk_full' }) as unknown

beforeEach(() => {
  if (!canMount) return
  folder = temporaryFolder()
  disk = join(folder.path, 'disk')
  mkdirSync(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m,mode=700', 'quayside-test', disk])
})
afterEach(() => {
  if (!canMount) return
  execFileSync('umount', [disk])
  folder[Symbol.dispose]()
})

function fill(): void {
  for (const size of [65_536, 4096]) {
    for (let part = 0; ; part += 1) {
      try {
        writeFileSync(join(disk, `ballast-${String(size)}-${String(part)}`), Buffer.alloc(size))
      } catch {
        break
      }
    }
  }
}

function makeRoom(): void {
  for (const name of readdirSync(disk)) {
    if (name.startsWith('ballast')) rmSync(join(disk, name))
  }
}

test.runIf(canMount)('a full disk is named, loses nothing, and is got over', () => {
  const file = join(disk, 'quayside.db')
  const stores = openStores({ file, clock })
  const first = someHost({ name: 'first' })
  stores.hosts.insert(first)
  fill()
  let count = 0
  const insertMore = (): void => {
    for (; count < 2000; count += 1)
      stores.hosts.insert(someHost({ name: `host-${String(count)}` }))
  }
  expect(insertMore).toThrow(diskFull)
  expect(stores.hosts.list()).toHaveLength(count + 1)
  expect(stores.hosts.get(first.id)).toEqual(first)
  makeRoom()
  stores.hosts.insert(someHost({ name: 'after' }))
  expect(stores.hosts.list()).toHaveLength(count + 2)
  stores.close()
  const again = openStores({ file, clock })
  expect(again.hosts.list()).toHaveLength(count + 2)
  again.close()
})

test.runIf(canMount)('a start on a full disk is refused, and then succeeds', () => {
  const file = join(disk, 'quayside.db')
  fill()
  expect(() => openStores({ file, clock })).toThrow(diskFull)
  makeRoom()
  openStores({ file, clock }).close()
})

test.runIf(canMount)('no migration begins without its copy', () => {
  const file = join(disk, 'quayside.db')
  const stores = openStores({ file, clock })
  stores.hosts.insert(someHost())
  stores.close()
  const next = { version: 2, name: 'next', sql: 'ALTER TABLE hosts ADD COLUMN note TEXT' }
  const options = { file, clock, migrations: [...migrations, next], busyMs: 5000 }
  // Room for the -wal and -shm files, but not for a copy.
  fill()
  rmSync(join(disk, 'ballast-65536-0'))
  expect(() => openFile(options)).toThrow(diskFull)
  expect(readdirSync(join(disk, 'backups'))).toEqual([])
  openStores({ file, clock }).close()
  makeRoom()
  openFile(options).close()
  expect(readdirSync(join(disk, 'backups'))).toHaveLength(1)
})
