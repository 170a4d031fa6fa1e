import * as z from 'zod'
import type { DatabaseFacts } from '../engine-backup.ts'
import type { Query } from './snapshot.ts'

const factsRow = z
  .object({
    serverVersion: z.string(),
    name: z.string(),
    owner: z.string(),
    encoding: z.string(),
    // Columns came and went from version to version.
    row: z
      .object({
        datcollate: z.string(),
        datctype: z.string(),
        datlocprovider: z.string().default('c'),
        datlocale: z.string().nullish(),
        daticulocale: z.string().nullish(),
        daticurules: z.string().nullish(),
        datconnlimit: z.number(),
        datistemplate: z.boolean(),
      })
      .loose(),
    settings: z.array(z.string()),
    grants: z
      .array(z.object({ role: z.string(), privilege: z.string(), grantable: z.boolean() }))
      .nullable(),
    extensions: z.array(z.object({ name: z.string(), version: z.string(), schema: z.string() })),
  })
  .strict()

const factsQuery = `SELECT split_part(current_setting('server_version'), ' ', 1) AS "serverVersion",
  d.datname AS name, pg_get_userbyid(d.datdba) AS owner, pg_encoding_to_char(d.encoding) AS encoding,
  to_jsonb(d) AS row,
  coalesce((SELECT to_jsonb(setconfig) FROM pg_db_role_setting
    WHERE setdatabase = d.oid AND setrole = 0), '[]') AS settings,
  CASE WHEN d.datacl IS NOT NULL THEN (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'role', CASE WHEN a.grantee = 0 THEN '' ELSE pg_get_userbyid(a.grantee) END,
      'privilege', a.privilege_type, 'grantable', a.is_grantable)
      ORDER BY a.grantee, a.privilege_type), '[]')
    FROM aclexplode(d.datacl) a) END AS grants,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('name', extname, 'version', extversion,
      'schema', nspname) ORDER BY extname), '[]')
    FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace) AS extensions
  FROM pg_database d WHERE d.datname = current_database()`

/** See `BackupSession.database`. */
export async function readDatabase(query: Query): Promise<DatabaseFacts> {
  const [first] = await query(factsQuery)
  const { row, ...facts } = factsRow.parse(first)
  return {
    ...facts,
    collate: row.datcollate,
    ctype: row.datctype,
    localeProvider: row.datlocprovider,
    locale: row.datlocale ?? row.daticulocale ?? null,
    icuRules: row.daticurules ?? null,
    connectionLimit: row.datconnlimit,
    isTemplate: row.datistemplate,
  }
}
