import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import type { Clock } from '../../domain/ports.ts'
import type { Connection } from './connection.ts'
import type { Migration } from './migrations/index.ts'
import { copiesFolder, failed, newer } from './sqlite-error.ts'

const versionRow = z.object({ user_version: z.int() }).transform((row) => row.user_version)
const appliedRow = z.object({ version: z.int(), checksum: z.string() })

export interface MigrateOptions {
  connection: Connection
  file: string
  migrations: readonly Migration[]
  clock: Clock
}

/** The file's schema version; 0 for a new file. */
export function schemaVersion(connection: Connection): number {
  return connection.get(versionRow, 'PRAGMA user_version') ?? 0
}

/**
 * Brings the schema to the newest version, each step in a transaction of its own. A file that holds
 * data is copied first. Two processes may do this at once: each step is done by one of them.
 * @throws QuaysideError `store_newer`, `store_failed` when a past step differs from what was applied
 */
export function migrate({ connection, file, migrations, clock }: MigrateOptions): void {
  const from = schemaVersion(connection)
  if (from > migrations.length) throw newer(file, from, migrations.length)
  if (from > 0) checkPast(connection, file, migrations)
  if (from === migrations.length) return
  if (from > 0) copyFile({ connection, file, clock })
  connection.exec(`CREATE TABLE IF NOT EXISTS migrations (
    version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL
  ) STRICT`)
  for (const migration of migrations.slice(from)) {
    connection.transaction(() => {
      if (schemaVersion(connection) >= migration.version) return
      connection.exec(migration.sql)
      connection.run(
        'INSERT INTO migrations VALUES (?, ?, ?, ?)',
        migration.version,
        migration.name,
        checksum(migration),
        clock.now(),
      )
      connection.exec(`PRAGMA user_version = ${String(migration.version)}`)
    })
  }
}

/** Writes a compact copy of the file into the copies' folder; returns the copy's path. */
export function copyFile({ connection, file, clock }: Omit<MigrateOptions, 'migrations'>): string {
  const folder = copiesFolder(file)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const at = new Date(clock.now()).toISOString().replaceAll(/[-:]/g, '').replace(/[T.]/g, '-')
  const version = String(schemaVersion(connection))
  const copy = join(folder, `quayside-v${version}-${at.slice(0, 19)}-${String(process.pid)}.db`)
  // SQLite accepts an empty file as the target: so it is private from its first byte on.
  closeSync(openSync(copy, 'wx', 0o600))
  try {
    connection.run('VACUUM INTO ?', copy)
    const handle = openSync(copy, 'r+')
    fsyncSync(handle)
    closeSync(handle)
  } catch (error) {
    rmSync(copy, { force: true })
    throw error
  }
  return copy
}

function checkPast(connection: Connection, file: string, migrations: readonly Migration[]): void {
  const applied = connection.all(appliedRow, 'SELECT version, checksum FROM migrations')
  for (const { version, checksum: found } of applied) {
    const known = migrations[version - 1]
    if (known !== undefined && checksum(known) !== found) {
      throw failed(file, `Step ${String(version)} (${known.name}) is not the one that was applied.`)
    }
  }
}

function checksum(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex')
}
