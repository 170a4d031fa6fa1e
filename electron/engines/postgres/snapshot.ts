import pg from 'pg'
import * as z from 'zod'
import { QuaysideError } from '../../../shared/errors.ts'
import type { DatabaseSurvey, TableRows } from '../engine-backup.ts'
import { heldHint } from './backup-report.ts'
import type { PostgresClient } from './client.ts'

export type Query = PostgresClient['query']

/** Tables that are counted in one go: over a long way each query waits for its answer. */
const countedAtOnce = 100

/**
 * No time limit of the server's ends this session, and no row is hidden from it. Words mean what the
 * server means by them, not what the database does. A table that its owner makes a view of at this very
 * moment is refused, so that no code of the database's runs with the session's rights: pg_dump does so
 * too, since CVE-2024-7348; a server from before that doesn't know the setting. Dates are written so that
 * every server reads them alike: 05/12 is May in one and December in another.
 */
export async function prepare(query: Query): Promise<void> {
  await query("SELECT pg_catalog.set_config('search_path', 'pg_catalog', false)")
  await query(`SELECT set_config(name, 'view, foreign-table', false) FROM pg_settings
    WHERE name = 'restrict_nonsystem_relation_kind'`)
  await query(`SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN ('statement_timeout',
    'lock_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout')`)
  await query("SELECT set_config('row_security', 'off', false)")
  await query("SELECT set_config('DateStyle', 'ISO, YMD', false)")
}

/**
 * See `BackupSession.exportSnapshot`. A rewritten or emptied table is empty also for those who see the
 * database as it was before: so all are locked first, as pg_dump locks them, and nothing of the kind
 * comes between the dump and the counts. Those that were made while that took its time come after.
 */
export async function exportSnapshot(query: Query): Promise<string> {
  const before = await lockableTables(query)
  await query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  await query(`SET LOCAL lock_timeout TO ${lockMs}`)
  await lockTables(query, before)
  const [row] = await query('SELECT pg_export_snapshot() AS id')
  const { id } = z.object({ id: z.string().min(1) }).parse(row)
  const known = new Set(before)
  await lockTables(
    query,
    (await lockableTables(query)).filter((table) => !known.has(table)),
  )
  return id
}

/** How long a table that somebody has for himself is waited for, milliseconds. */
const lockMs = 300_000
/** Tables that one statement locks: over a long way each waits for its answer. */
const lockedAtOnce = 500

/**
 * Those that pg_dump locks: parents of partitions and an extension's too. What this login may not lock is
 * left to pg_dump, which names it as its reason.
 */
const lockableQuery = `SELECT n.nspname AS schema, c.relname AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname <> 'information_schema'
    AND n.nspname !~ '^pg_' AND has_schema_privilege(n.oid, 'USAGE')
    AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1, 2`

async function lockableTables(query: Query): Promise<string[]> {
  return z
    .array(tableRow)
    .parse(await query(lockableQuery))
    .map(identifierOf)
}

/** @throws QuaysideError `backup_failed` where one can't be had in time */
async function lockTables(query: Query, tables: readonly string[]): Promise<void> {
  try {
    for (let from = 0; from < tables.length; from += lockedAtOnce) {
      const some = tables.slice(from, from + lockedAtOnce)
      await query(`LOCK TABLE ONLY ${some.join(', ONLY ')} IN ACCESS SHARE MODE`)
    }
  } catch (thrown) {
    if (!(thrown instanceof QuaysideError) || !thrown.detail?.startsWith('55P03')) throw thrown
    throw new QuaysideError('backup_failed', 'The database could not be dumped.', {
      hint: heldHint,
      detail: thrown.detail,
    })
  }
}

/** Within a transaction the first answer would stay the answer. */
const freshActivity = 'SELECT pg_stat_clear_snapshot()'
const heldUpQuery = `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
  AND usename = current_user AND application_name = current_setting('application_name')
  AND pid <> pg_backend_pid() AND wait_event_type = 'Lock') AS held`

/** See `BackupSession.isHeldUp`. */
export async function isHeldUp(query: Query): Promise<boolean> {
  await query(freshActivity)
  const [row] = await query(heldUpQuery)
  return z.object({ held: z.boolean() }).parse(row).held
}

const tableRow = z.object({ schema: z.string(), name: z.string() })
const identifierOf = ({ schema, name }: z.infer<typeof tableRow>): string =>
  `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`
const countRow = z.object({ place: z.coerce.number(), rows: z.coerce.number() })
const countedRow = tableRow.extend({ narrowest: z.string().nullable() })
type CountedTable = z.infer<typeof countedRow>

/** As pg_dump chooses them: no table of an extension's, no part of the system. */
const dumpedTables = `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname <> 'information_schema'
    AND n.nspname !~ '^pg_'
    AND NOT EXISTS (SELECT FROM pg_depend d
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`
/** With the column of each that takes the least to write; before version 12 none is generated. */
const tablesQuery = `SELECT n.nspname AS schema, c.relname AS name,
  (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
    AND NOT a.attisdropped AND coalesce(to_jsonb(a) ->> 'attgenerated', '') = ''
    ORDER BY a.attlen < 0, a.attlen, a.attnum LIMIT 1) AS narrowest
  ${dumpedTables} ORDER BY 1, 2`

const surveyRow = z.object({
  bytes: z.coerce.number(),
  tables: z.coerce.number(),
  unreadable: z.array(z.string()),
})

/** Row security is off in this session: what it would hide is an error. */
const surveyQuery = `SELECT pg_database_size(current_database()) AS bytes, count(*) AS tables,
  coalesce(jsonb_agg(n.nspname || '.' || c.relname ORDER BY 1) FILTER (WHERE
    NOT has_schema_privilege(n.oid, 'USAGE') OR NOT has_table_privilege(c.oid, 'SELECT')
    OR row_security_active(c.oid)), '[]') AS unreadable ${dumpedTables}`

/** See `BackupSession.survey`. */
export async function surveyTables(query: Query): Promise<DatabaseSurvey> {
  const [row] = await query(surveyQuery)
  return surveyRow.parse(row)
}

/** Their descriptions are a row for each. */
const largeObjects = { schema: 'pg_catalog', name: 'pg_largeobject_metadata', narrowest: 'oid' }

/** See `BackupSession.tables`. */
export async function readTables(
  client: Pick<PostgresClient, 'query' | 'rowCounts'>,
): Promise<TableRows[]> {
  const found = z.array(countedRow).parse(await client.query(tablesQuery))
  const tables = [...found, largeObjects]
  const byCopy = await mayCopyAway(client)
  const counted: TableRows[] = []
  for (let from = 0; from < tables.length; from += countedAtOnce) {
    const some = tables.slice(from, from + countedAtOnce)
    const counts = await (byCopy ? copyAway(client, some) : count(client, some))
    for (const [place, { schema, name }] of some.entries()) {
      counted.push({ schema, name, rows: counts[place] ?? 0 })
    }
  }
  // A database without large objects has nothing to compare.
  return counted.filter((table) => table.schema !== largeObjects.schema || table.rows > 0)
}

/** Only a superuser may write on the server, and only some systems have the file that keeps nothing. */
async function mayCopyAway({ query }: Pick<PostgresClient, 'query'>): Promise<boolean> {
  const [row] = await query(`SELECT CASE WHEN current_setting('is_superuser') = 'on'
    THEN current_setting('data_directory') LIKE '/%' ELSE false END AS may`)
  return z.object({ may: z.boolean() }).parse(row).may
}

/**
 * Counts as pg_dump reads: COPY runs nothing that belongs to the table. To plan a query, the server runs
 * the functions that the table's indexes name in their conditions, and for a superuser as a superuser:
 * any role that can make an index could have its code run so
 * (https://www.postgresql.org/docs/current/perm-functions.html).
 */
function copyAway(
  { rowCounts }: Pick<PostgresClient, 'rowCounts'>,
  tables: readonly CountedTable[],
): Promise<number[]> {
  return rowCounts(
    tables.map((table) => {
      const columns = table.narrowest === null ? '' : ` (${pg.escapeIdentifier(table.narrowest)})`
      return `COPY ${identifierOf(table)}${columns} TO '/dev/null'`
    }),
  )
}

/** For logins that can do no more than the tables' owners could do by themselves. */
async function count(
  { query }: Pick<PostgresClient, 'query'>,
  tables: readonly CountedTable[],
): Promise<number[]> {
  const counts = tables.map(
    (table, place) => `SELECT ${place} AS place, count(*) AS rows FROM ONLY ${identifierOf(table)}`,
  )
  const rows = z.array(countRow).parse(await query(counts.join(' UNION ALL ')))
  const byPlace = new Map(rows.map((row) => [row.place, row.rows]))
  return tables.map((_, place) => byPlace.get(place) ?? 0)
}
