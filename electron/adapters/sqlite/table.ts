import * as z from 'zod'
import type { Connection, SqlValue } from './connection.ts'

/** Where a field lies and how it is written. */
export interface Column {
  name: string
  write(value: unknown): SqlValue
}

/** Text as it is. */
export function text(name: string): Column {
  return {
    name,
    write(value) {
      if (value === null || typeof value === 'string') return value
      throw new TypeError(`${name} takes text`)
    },
  }
}

/** A whole number; a time with parts of a millisecond is rounded. */
export function whole(name: string): Column {
  return {
    name,
    write(value) {
      if (value === null) return null
      if (typeof value === 'number' && Number.isFinite(value)) return Math.round(value)
      throw new TypeError(`${name} takes a number`)
    },
  }
}

/** true or false as 1 or 0. */
export function flag(name: string): Column {
  return {
    name,
    write(value) {
      if (typeof value === 'boolean') return value ? 1 : 0
      throw new TypeError(`${name} takes true or false`)
    },
  }
}

/** Anything JSON can say; null is SQL's NULL. */
export function json(name: string): Column {
  return {
    name,
    write: (value) => (value === null || value === undefined ? null : JSON.stringify(value)),
  }
}

/** Reads what `flag` wrote. */
export const flagValue = z.union([z.literal(0), z.literal(1)]).transform((value) => value === 1)

/** Reads what `json` wrote. */
export function jsonValue<T extends z.ZodType>(schema: T) {
  return z
    .string()
    .nullable()
    .transform((written, context): unknown => {
      if (written === null) return null
      try {
        return JSON.parse(written)
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' })
        return z.NEVER
      }
    })
    .pipe(schema)
}

/** Records of one kind in one table. */
export interface Table<R> {
  /** `tail` is what follows the table's name: WHERE, ORDER BY, LIMIT. */
  all(tail: string, ...values: SqlValue[]): R[]
  get(tail: string, ...values: SqlValue[]): R | null
  /** `more` are columns that are no field of the record. */
  insert(record: R, more?: Readonly<Record<string, SqlValue>>): void
  /** Writes the fields that are there; returns how many rows changed. */
  update(change: Partial<R>, where: string, ...values: SqlValue[]): number
}

export interface TableOptions<R> {
  connection: Connection
  name: string
  columns: { [K in keyof R]-?: Column }
  row: z.ZodType<R>
}

/** Reads and writes records by a map of their fields to columns. */
export function createTable<R extends object>(options: TableOptions<R>): Table<R> {
  const { connection, name, row } = options
  const columns = new Map<string, Column>(Object.entries(options.columns))
  const list = [...columns].map(([field, column]) => `${column.name} AS "${field}"`).join(', ')
  const select = (tail: string): string => `SELECT ${list} FROM ${name} ${tail}`
  const written = (record: object): Map<string, SqlValue> => {
    const values = new Map<string, SqlValue>()
    for (const [field, value] of Object.entries(record)) {
      const column = columns.get(field)
      if (column === undefined) throw new TypeError(`${name} has no field ${field}`)
      if (value !== undefined) values.set(column.name, column.write(value))
    }
    return values
  }
  return {
    all: (tail, ...values) => connection.all(row, select(tail), ...values),
    get: (tail, ...values) => connection.get(row, select(tail), ...values),
    insert(record, more = {}) {
      const values = new Map([...written(record), ...Object.entries(more)])
      const marks = [...values].map(() => '?').join(', ')
      connection.run(
        `INSERT INTO ${name} (${[...values.keys()].join(', ')}) VALUES (${marks})`,
        ...values.values(),
      )
    },
    update(change, where, ...values) {
      const changed = written(change)
      if (changed.size === 0) return 0
      const sets = [...changed.keys()].map((column) => `${column} = ?`).join(', ')
      const sql = `UPDATE ${name} SET ${sets} WHERE ${where}`
      return connection.run(sql, ...changed.values(), ...values)
    },
  }
}
