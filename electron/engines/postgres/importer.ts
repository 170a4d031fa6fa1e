import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import pg from 'pg'
import * as z from 'zod'
import type { DatabaseFacts } from '../engine-backup.ts'
import { attempt, inQuiet } from './quiet.ts'
import { roleNames } from './roles.ts'
import type { Query } from './snapshot.ts'

const name = pg.escapeIdentifier
/** As PostgreSQL's own. */
const iterations = 4096

/** See `BackupSession.createImporter`. */
export async function createImporter(
  query: Query,
  user: string,
  password: string,
  database: string,
  { seesEveryRow } = { seesEveryRow: false },
): Promise<void> {
  await inQuiet(query, async () => {
    const verb = (await roleNames(query)).has(user) ? 'ALTER' : 'CREATE'
    const bypass = seesEveryRow ? 'BYPASSRLS' : 'NOBYPASSRLS'
    const verifier = pg.escapeLiteral(scramVerifier(password, randomBytes(16)))
    await query(
      `${verb} ROLE ${name(user)} WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION ${bypass} PASSWORD ${verifier}`,
    )
    await query(`ALTER DATABASE ${name(database)} OWNER TO ${name(user)}`)
  })
}

const extensionRows = z.array(z.object({ name: z.string(), schema: z.string().nullable() }))
const extensionsQuery = `SELECT v.name, v.schema FROM pg_available_extensions a
  JOIN pg_available_extension_versions v ON v.name = a.name AND v.version = a.default_version
  WHERE a.name = ANY($1) AND v.superuser AND NOT v.trusted ORDER BY 1`

/** They lead out of the server: to other machines, or to files of its own. */
const leadOut: ReadonlySet<string> = new Set(['dblink', 'postgres_fdw', 'file_fdw'])

/**
 * See `BackupSession.createExtensions`. What they are is the image's; the file only names them. One that
 * lies in a schema of its owner's making is left to the file, which makes that schema itself.
 */
export async function createExtensions(
  query: Query,
  extensions: DatabaseFacts['extensions'],
  user: string,
  { mayLeadOut }: { mayLeadOut: boolean },
): Promise<void> {
  const fitting = extensions.filter((each) => mayLeadOut || !leadOut.has(each.name))
  const home = new Map(fitting.map(({ name, schema = 'public' }) => [name, schema]))
  const found = extensionRows.parse(await query(extensionsQuery, [[...home.keys()]]))
  await inQuiet(query, async () => {
    for (const { name: extension, schema } of found) {
      if (schema === null && home.get(extension) !== 'public') continue
      const place = schema === null ? ' SCHEMA public' : ''
      // What it needs beyond that, a setting of the server's say, is told when the file asks for it.
      await attempt(query, `CREATE EXTENSION IF NOT EXISTS ${name(extension)}${place} CASCADE`)
    }
    const wrappers = `SELECT fdwname AS name FROM pg_foreign_data_wrapper ORDER BY 1`
    for (const { name: wrapper } of nameRows.parse(await query(wrappers)))
      await query(`GRANT USAGE ON FOREIGN DATA WRAPPER ${name(wrapper)} TO ${name(user)}`)
  })
}

const nameRows = z.array(z.object({ name: z.string() }))
const passwordRows = z.array(z.object({ verifier: z.string().nullable() }))

/**
 * See `BackupSession.settleImporter`. What belongs to a table runs as its owner when the server tends to
 * it by itself, so that owner must not be a superuser. A setting of the database, such as a path where
 * names are looked for, would reach the superuser's sessions too.
 */
export async function settleImporter(
  query: Query,
  user: string,
  owner: string,
  database: string,
): Promise<void> {
  await inQuiet(query, async () => {
    const subject = `DATABASE ${name(database)}`
    await query(`ALTER ${subject} OWNER TO ${name(owner)}`)
    await query(`ALTER ${subject} RESET ALL`)
    await query(`GRANT ALL ON ${subject} TO ${name(user)}`)
    // The file may have dropped it.
    await attempt(query, `GRANT ALL ON SCHEMA public TO ${name(user)}`)
    const kept = 'SELECT rolpassword AS verifier FROM pg_authid WHERE rolname = $1'
    const [row] = passwordRows.parse(await query(kept, [owner]))
    const verifier = row?.verifier?.startsWith('SCRAM-') ? pg.escapeLiteral(row.verifier) : 'NULL'
    await query(`ALTER ROLE ${name(user)} WITH NOBYPASSRLS PASSWORD ${verifier}`)
  })
}

/** See `BackupSession.dropImporter`. */
export async function dropImporter(query: Query, user: string): Promise<void> {
  if (!(await roleNames(query)).has(user)) return
  await inQuiet(query, async () => {
    await query(`DROP OWNED BY ${name(user)}`)
    await query(`DROP ROLE ${name(user)}`)
  })
}

/**
 * What the server keeps of a password, so that the password itself is never sent (RFC 5803). For
 * passwords of ASCII letters and digits alone: others would have to be normalised.
 */
export function scramVerifier(password: string, salt: Buffer): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const key = (word: string) => createHmac('sha256', salted).update(word).digest()
  const stored = createHash('sha256').update(key('Client Key')).digest('base64')
  const server = key('Server Key').toString('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${server}`
}
