import Database from 'better-sqlite3'
import type * as z from 'zod'
import { damaged, translateSqliteError } from './sqlite-error.ts'

export type SqlValue = string | number | null

/** A connection whose rows are parsed and whose errors are QuaysideErrors. */
export interface Connection {
  /** The rows, each parsed. @throws QuaysideError `store_damaged` for a row that does not fit */
  all<T>(row: z.ZodType<T>, sql: string, ...values: SqlValue[]): T[]
  /** The first row, or null. */
  get<T>(row: z.ZodType<T>, sql: string, ...values: SqlValue[]): T | null
  /** Runs one statement; returns how many rows changed. */
  run(sql: string, ...values: SqlValue[]): number
  /** Runs several statements without values. */
  exec(sql: string): void
  /** BEGIN IMMEDIATE, or a savepoint inside a transaction. The work may not be asynchronous. */
  transaction<T>(work: () => T): T
  close(): void
}

export interface ConnectionOptions {
  file: string
  /** How long a call waits for another process's lock, milliseconds. */
  busyMs: number
  readonly?: boolean
}

/**
 * Opens a file with the settings every connection shares. WAL is set by who may write.
 * @throws QuaysideError `store_busy`, `store_damaged`, `store_failed`, `disk_full`
 */
export function openConnection({ file, busyMs, readonly = false }: ConnectionOptions): Connection {
  const guard = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw translateSqliteError(file, error)
    }
  }
  const database = guard(
    () => new Database(file, { readonly, fileMustExist: true, timeout: busyMs }),
  )
  const statements = new Map<string, Database.Statement>()
  const prepare = (sql: string): Database.Statement => {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const statement = database.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  const parse = <T>(row: z.ZodType<T>, found: unknown, sql: string): T => {
    const parsed = row.safeParse(found)
    if (parsed.success) return parsed.data
    const issue = parsed.error.issues[0]
    throw damaged(file, `${sql}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
  }
  const connection: Connection = {
    all: (row, sql, ...values) =>
      guard(() => prepare(sql).all(...values)).map((found) => parse(row, found, sql)),
    get: (row, sql, ...values) => {
      const found = guard(() => prepare(sql).get(...values))
      return found === undefined ? null : parse(row, found, sql)
    },
    run: (sql, ...values) => guard(() => prepare(sql).run(...values).changes),
    exec: (sql) => guard(() => void database.exec(sql)),
    transaction: (work) => guard(() => database.transaction(work).immediate()),
    close: () => guard(() => void database.close()),
  }
  try {
    connection.exec('PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON')
    if (!readonly) connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  } catch (error) {
    connection.close()
    throw error
  }
  return connection
}
