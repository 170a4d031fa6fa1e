import {
  copyFileSync,
  existsSync,
  openSync,
  closeSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  someHost,
  standingClock,
  temporaryFolder,
} from '../../electron/adapters/sqlite/fixtures.ts'
import { openStores } from '../../electron/adapters/sqlite/index.ts'
import { migrations } from '../../electron/adapters/sqlite/migrations/index.ts'
import type { Migration } from '../../electron/adapters/sqlite/migrations/index.ts'
import { openFile } from '../../electron/adapters/sqlite/open.ts'
import { QuaysideError } from '../../shared/errors.ts'

let folder: ReturnType<typeof temporaryFolder>
let file: string
const clock = standingClock()
const host = someHost()

beforeEach(() => {
  folder = temporaryFolder()
  file = join(folder.path, 'quayside.db')
})
afterEach(() => folder[Symbol.dispose]())

/** A file with a host in it, closed. */
function filled(): void {
  const stores = openStores({ file, clock })
  stores.hosts.insert(host)
  stores.close()
}

/** What opening it throws; fails where it opens. */
function refusal(open: () => { close(): void } = () => openStores({ file, clock })): QuaysideError {
  try {
    open().close()
  } catch (error) {
    if (error instanceof QuaysideError) return error
    throw error
  }
  throw new Error('It opened.')
}

/** Nothing of the file changed, and nothing that holds data lies beside it: no log to be replayed. */
function leavesAlone(work: () => void): void {
  const before = readFileSync(file)
  work()
  expect(readFileSync(file).equals(before)).toBe(true)
  for (const name of readdirSync(folder.path)) {
    expect(name).toMatch(/^quayside\.db(-wal|-shm)?$/)
    if (name.endsWith('-wal')) expect(statSync(join(folder.path, name)).size).toBe(0)
  }
}

const next: Migration = {
  version: migrations.length + 1,
  name: 'next',
  sql: 'ALTER TABLE hosts ADD COLUMN note TEXT',
}
const openWith = (list: readonly Migration[]) => () =>
  openFile({ file, clock, migrations: list, busyMs: 5000 })

describe('a file that must not be touched', () => {
  test('one written by a newer Quayside is refused as it is', () => {
    filled()
    const writer = new Database(file)
    writer.pragma('user_version = 99')
    writer.close()
    leavesAlone(() => {
      const error = refusal()
      expect(error.code).toBe('store_newer')
      expect(error.hint).toContain('Update Quayside')
      expect(error.detail).toContain('99')
    })
  })

  test('a newer schema that still lies in the write-ahead log is seen too', () => {
    filled()
    const writer = new Database(file)
    writer.pragma('user_version = 99')
    // The state after a crash: the header of the main file says nothing of it yet.
    const crashed = join(folder.path, 'crashed.db')
    copyFileSync(file, crashed)
    copyFileSync(`${file}-wal`, `${crashed}-wal`)
    writer.close()
    file = crashed
    const before = readFileSync(crashed)
    expect(refusal().code).toBe('store_newer')
    expect(readFileSync(crashed).equals(before)).toBe(true)
  })

  test('one with an overwritten page is refused, and says where it lies', () => {
    filled()
    const page = Buffer.alloc(4096, 0x5a)
    const handle = openSync(file, 'r+')
    for (const number of [2, 3, 4]) writeSync(handle, page, 0, page.length, number * 4096)
    closeSync(handle)
    leavesAlone(() => {
      const error = refusal()
      expect(error.code).toBe('store_damaged')
      expect(error.message).toContain(file)
      expect(error.hint).toContain('Nothing was changed')
    })
  })

  test('one that was cut short is refused', () => {
    filled()
    truncateSync(file, 3 * 4096)
    leavesAlone(() => expect(refusal().code).toBe('store_damaged'))
  })

  test('one that is no database at all is refused', () => {
    writeFileSync(file, 'Dear diary, today I installed Quayside. '.repeat(20))
    leavesAlone(() => expect(refusal().code).toBe('store_damaged'))
    writeFileSync(file, 'short')
    leavesAlone(() => expect(refusal().code).toBe('store_damaged'))
  })

  test('damage names the newest copy, and the copy opens in its place', () => {
    filled()
    openWith([...migrations, next])().close()
    writeFileSync(file, 'x'.repeat(8192))
    const error = refusal()
    expect(error.code).toBe('store_damaged')
    const copy = error.facts?.['newestCopy'] ?? ''
    expect(error.hint).toContain(copy)
    copyFileSync(copy, file)
    const stores = openStores({ file, clock })
    expect(stores.hosts.list()).toEqual([host])
    stores.close()
  })
})

describe('migrating', () => {
  test('copies what was there first, and keeps it', () => {
    filled()
    const connection = openWith([...migrations, next])()
    connection.close()
    const copies = readdirSync(join(folder.path, 'backups'))
    const name = new RegExp(`^quayside-v${migrations.length}-20231114-221320-000-\\d+\\.db$`)
    expect(copies).toEqual([expect.stringMatching(name)])
    const copy = join(folder.path, 'backups', copies[0] ?? '')
    expect(statSync(copy).mode & 0o777).toBe(0o600)
    const reader = new Database(copy, { readonly: true })
    expect(reader.pragma('user_version', { simple: true })).toBe(migrations.length)
    expect(reader.prepare('SELECT name FROM hosts').pluck().all()).toEqual([host.name])
    reader.close()
    // Done once: the next start neither migrates nor copies.
    openWith([...migrations, next])().close()
    expect(readdirSync(join(folder.path, 'backups'))).toEqual(copies)
  })

  test('a new file is not copied', () => {
    filled()
    expect(existsSync(join(folder.path, 'backups'))).toBe(false)
  })

  test('one that fails in the middle leaves the old schema, its data, and the copy', () => {
    filled()
    const broken = { ...next, sql: `${next.sql}; DELETE FROM hosts; SELECT nothing FROM nowhere` }
    expect(refusal(openWith([...migrations, broken])).code).toBe('store_failed')
    expect(readdirSync(join(folder.path, 'backups'))).toHaveLength(1)
    const stores = openStores({ file, clock })
    expect(stores.hosts.list()).toEqual([host])
    stores.close()
    clock.at += 1000
    openWith([...migrations, next])().close()
  })

  test('the steps before one that fails stay done', () => {
    filled()
    const broken = { version: next.version + 1, name: 'broken', sql: 'SELECT nothing FROM nowhere' }
    expect(refusal(openWith([...migrations, next, broken])).code).toBe('store_failed')
    const reader = new Database(file, { readonly: true })
    expect(reader.pragma('user_version', { simple: true })).toBe(next.version)
    reader.close()
  })

  test('a past step that was changed is refused', () => {
    filled()
    const changed = migrations.map((step) => ({ ...step, sql: `${step.sql}-- touched` }))
    leavesAlone(() => {
      const error = refusal(openWith(changed))
      expect(error.code).toBe('store_failed')
      expect(error.detail).toContain('Step 1')
    })
  })
})

test('the file and its folder are their user’s alone', () => {
  file = join(folder.path, 'home', 'deep', 'quayside.db')
  const stores = openStores({ file, clock })
  stores.hosts.insert(host)
  for (const name of ['quayside.db', 'quayside.db-wal', 'quayside.db-shm']) {
    expect(statSync(join(folder.path, 'home', 'deep', name)).mode & 0o777).toBe(0o600)
  }
  expect(statSync(join(folder.path, 'home', 'deep')).mode & 0o777).toBe(0o700)
  stores.close()
})

test('a folder that can’t be one says so', () => {
  writeFileSync(join(folder.path, 'file'), '')
  file = join(folder.path, 'file', 'quayside.db')
  expect(refusal().code).toBe('store_failed')
})
