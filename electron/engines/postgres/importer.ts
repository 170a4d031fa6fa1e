import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import pg from 'pg'
import { inQuiet } from './quiet.ts'
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
): Promise<void> {
  await inQuiet(query, async () => {
    const verb = (await roleNames(query)).has(user) ? 'ALTER' : 'CREATE'
    const verifier = pg.escapeLiteral(scramVerifier(password, randomBytes(16)))
    await query(
      `${verb} ROLE ${name(user)} WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD ${verifier}`,
    )
    await query(`ALTER DATABASE ${name(database)} OWNER TO ${name(user)}`)
  })
}

/** See `BackupSession.dropImporter`. */
export async function dropImporter(query: Query, user: string, heir: string): Promise<void> {
  if (!(await roleNames(query)).has(user)) return
  await inQuiet(query, async () => {
    await query(`REASSIGN OWNED BY ${name(user)} TO ${name(heir)}`)
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
