import { existsSync, readdirSync, statfsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { QuaysideError } from '../../../shared/errors.ts'

/** Below this many free bytes an I/O error is taken for a full disk. */
const fullBelow = 64 * 1024

/** The folder that holds copies of a data file. */
export function copiesFolder(file: string): string {
  return join(dirname(file), 'backups')
}

/**
 * Turns what SQLite throws into an error the user can act on; anything else passes unchanged. So does
 * a broken constraint: the store that expects it says what it means, any other one is a bug.
 */
export function translateSqliteError(file: string, thrown: unknown): unknown {
  if (!(thrown instanceof Database.SqliteError)) return thrown
  const kind = thrown.code
  if (kind.startsWith('SQLITE_CONSTRAINT')) return thrown
  if (kind.startsWith('SQLITE_BUSY') || kind.startsWith('SQLITE_LOCKED')) return busy(file, thrown)
  if (kind.startsWith('SQLITE_CORRUPT') || kind === 'SQLITE_NOTADB') return damaged(file, thrown)
  if (kind === 'SQLITE_FULL') return diskFull(file, thrown)
  // On a full disk, creating the -wal and -shm files fails with these instead of SQLITE_FULL.
  if (/^SQLITE_(IOERR|CANTOPEN)/.test(kind) && freeBytes(file) < fullBelow) {
    return diskFull(file, thrown)
  }
  return failed(file, thrown)
}

/** True for a UNIQUE constraint that this column, `table.column`, belongs to. */
export function isTaken(thrown: unknown, column: string): boolean {
  return (
    thrown instanceof Database.SqliteError &&
    thrown.code === 'SQLITE_CONSTRAINT_UNIQUE' &&
    thrown.message.includes(column)
  )
}

/** True for a reference to a row that isn't there, or one that still is. */
export function isReference(thrown: unknown): boolean {
  return thrown instanceof Database.SqliteError && thrown.code === 'SQLITE_CONSTRAINT_FOREIGNKEY'
}

/** `store_damaged`, with the way to a copy. The file itself is left as it is. */
export function damaged(file: string, cause: unknown): QuaysideError {
  const folder = copiesFolder(file)
  const copies = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.endsWith('.db'))
    : []
  const newest = copies.sort((a, b) => copyTime(a).localeCompare(copyTime(b))).at(-1)
  return new QuaysideError('store_damaged', `Quayside’s data file ${file} is damaged.`, {
    hint:
      newest === undefined
        ? `Nothing was changed. Put a copy of your own in its place, or move ${file} and the files beside it that begin with its name elsewhere: Quayside then starts empty. Databases on your hosts are not touched.`
        : `Nothing was changed. Quit Quayside, move ${file} and the files beside it that begin with its name elsewhere, and put the newest copy in its place: ${join(folder, newest)}`,
    facts: {
      file,
      copies: folder,
      ...(newest !== undefined && { newestCopy: join(folder, newest) }),
    },
    cause,
  })
}

/** A copy's name carries its schema version first, so names alone do not sort by time. */
function copyTime(name: string): string {
  return /\d{8}-\d{6}-\d{3}/.exec(name)?.[0] ?? ''
}

/** `store_newer`: the file was written by a newer Quayside. */
export function newer(file: string, found: number, known: number): QuaysideError {
  return new QuaysideError('store_newer', 'Quayside’s data was written by a newer version of it.', {
    hint: `Update Quayside, or set QUAYSIDE_HOME to another folder. ${file} was left as it is.`,
    detail: `The file has schema ${String(found)}, this version knows up to ${String(known)}.`,
    facts: { file },
  })
}

/** `store_failed`: anything else that keeps the data file from being used. */
export function failed(file: string, cause: unknown): QuaysideError {
  return new QuaysideError('store_failed', `Quayside’s data file ${file} can’t be used.`, {
    hint: 'Check that the folder exists and that you may write to it, then start Quayside again.',
    cause,
    facts: { file },
  })
}

function busy(file: string, cause: unknown): QuaysideError {
  return new QuaysideError('store_busy', 'Another program holds Quayside’s data file.', {
    hint: 'Try again. If it stays, end the other Quayside, or the program that has the file open.',
    cause,
    facts: { file },
  })
}

function diskFull(file: string, cause: unknown): QuaysideError {
  return new QuaysideError('disk_full', 'The disk of this computer is full.', {
    hint: `Free some space on the disk that holds ${dirname(file)}, then try again. Nothing was half saved.`,
    cause,
    facts: { file },
  })
}

function freeBytes(file: string): number {
  try {
    const { bavail, bsize } = statfsSync(dirname(file))
    return bavail * bsize
  } catch {
    // The folder can't be asked: then fullness is not what we know to be wrong.
    return Number.POSITIVE_INFINITY
  }
}
