import { chmodSync, closeSync, mkdirSync, openSync, readSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import * as z from 'zod'
import type { Clock } from '../../domain/ports.ts'
import { openConnection } from './connection.ts'
import type { Connection } from './connection.ts'
import { migrate, schemaVersion } from './migrate.ts'
import type { Migration } from './migrations/index.ts'
import { damaged, failed, newer } from './sqlite-error.ts'

export interface OpenOptions {
  file: string
  clock: Clock
  migrations: readonly Migration[]
  /** How long a call waits for another process's lock, milliseconds. */
  busyMs: number
}

/**
 * Opens the data file with the newest schema; makes it (0600, its folder 0700) where there is none.
 * What is newer or damaged is looked at without writing, and left exactly as it is.
 * @throws QuaysideError `store_newer`, `store_damaged`, `store_busy`, `store_failed`, `disk_full`
 */
export function openFile({ file, clock, migrations, busyMs }: OpenOptions): Connection {
  prepare(file)
  inspect({ file, migrations, busyMs })
  const connection = openConnection({ file, busyMs })
  try {
    migrate({ connection, file, migrations, clock })
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

function prepare(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    // SQLite gives its -wal and -shm files the mode of this one.
    closeSync(openSync(file, 'a', 0o600))
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600)
  } catch (error) {
    throw failed(file, error)
  }
}

const headerBytes = 100
const magic = 'SQLite format 3\0'
const checkRow = z.object({ quick_check: z.string() }).transform((row) => row.quick_check)

/** Reads the header by itself, then the rest through a connection that can't write. */
function inspect({ file, migrations, busyMs }: Omit<OpenOptions, 'clock'>): void {
  const header = readHeader(file)
  if (header.length === 0) return
  if (header.length < headerBytes || header.toString('latin1', 0, magic.length) !== magic) {
    throw damaged(file, 'It is not a SQLite database.')
  }
  // https://sqlite.org/fileformat.html: the user version lies at byte 60. A newer file is not even
  // opened, since opening one may already write beside it.
  const written = header.readInt32BE(60)
  if (written > migrations.length) throw newer(file, written, migrations.length)
  const connection = openConnection({ file, busyMs, readonly: true })
  try {
    const version = schemaVersion(connection)
    if (version > migrations.length) throw newer(file, version, migrations.length)
    const answers = connection.all(checkRow, 'PRAGMA quick_check(5)')
    if (answers[0] !== 'ok') throw damaged(file, answers.join('; '))
  } finally {
    connection.close()
  }
}

function readHeader(file: string): Buffer {
  const handle = openSync(file, 'r')
  try {
    const buffer = Buffer.alloc(headerBytes)
    return buffer.subarray(0, readSync(handle, buffer, 0, headerBytes, 0))
  } finally {
    closeSync(handle)
  }
}
