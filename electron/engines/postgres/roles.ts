import pg from 'pg'
import * as z from 'zod'
import { backupRoleSchema, type BackupRole } from '../engine-backup.ts'
import { attempt, inQuiet } from './quiet.ts'
import { setClause } from './settings.ts'
import type { Query } from './snapshot.ts'

/** The first role (10) is part of the system: what it owns is not written down as owned. */
const rolesQuery = (verifiers: boolean) => `WITH RECURSIVE here AS (
    SELECT oid, datdba FROM pg_database WHERE datname = current_database()),
  needed(oid) AS (
    SELECT s.refobjid FROM pg_shdepend s, here WHERE s.refclassid = 'pg_authid'::regclass
      AND (s.dbid = here.oid
        OR (s.dbid = 0 AND s.classid = 'pg_database'::regclass AND s.objid = here.oid))
    UNION SELECT datdba FROM here
    UNION SELECT setrole FROM pg_db_role_setting, here WHERE setdatabase = here.oid AND setrole <> 0
    UNION SELECT 10::oid
    UNION SELECT CASE WHEN m.member = n.oid THEN m.roleid ELSE m.member END
      FROM needed n JOIN pg_auth_members m
        ON m.member = n.oid OR (m.roleid = n.oid AND n.oid >= 16384))
  SELECT r.rolname AS name, rolsuper AS superuser, rolinherit AS inherit,
    rolcreaterole AS "createRole", rolcreatedb AS "createDatabase", rolcanlogin AS login,
    rolreplication AS replication, rolbypassrls AS "bypassRowSecurity",
    rolconnlimit AS "connectionLimit", rolvaliduntil::text AS "validUntil",
    coalesce((SELECT to_jsonb(setconfig) FROM pg_db_role_setting
      WHERE setrole = r.oid AND setdatabase = 0), '[]') AS settings,
    coalesce((SELECT to_jsonb(setconfig) FROM pg_db_role_setting, here
      WHERE setrole = r.oid AND setdatabase = here.oid), '[]') AS "databaseSettings",
    coalesce((SELECT jsonb_agg(jsonb_build_object('role', g.role, 'admin', g.admin) ORDER BY g.role)
      FROM (SELECT pg_get_userbyid(m.roleid) AS role, bool_or(m.admin_option) AS admin
        FROM pg_auth_members m WHERE m.member = r.oid GROUP BY m.roleid) g), '[]') AS "memberOf",
    ${verifiers ? 'rolpassword' : 'NULL'} AS verifier
  FROM needed JOIN ${verifiers ? 'pg_authid' : 'pg_roles'} r ON r.oid = needed.oid
  WHERE r.rolname !~ '^pg_' ORDER BY r.rolname`

/** See `BackupSession.roles`. */
export async function readRoles(query: Query, verifiers: boolean): Promise<BackupRole[]> {
  return z.array(backupRoleSchema).parse(await query(rolesQuery(verifiers)))
}

const nameRows = z.array(z.object({ name: z.string() }))

/** Every role of the server. */
export async function roleNames(query: Query): Promise<Set<string>> {
  const rows = nameRows.parse(await query('SELECT rolname AS name FROM pg_roles'))
  return new Set(rows.map(({ name }) => name))
}

/** See `BackupSession.applyRoles`. A backup does not make a superuser: that would be the whole server. */
export async function applyRoles(
  query: Query,
  roles: readonly BackupRole[],
  { except, mark }: { except: readonly string[]; mark?: string | undefined },
): Promise<string[]> {
  const lost: string[] = []
  await inQuiet(query, async () => {
    const there = await roleNames(query)
    const missing = roles.filter(({ name }) => !there.has(name) && !except.includes(name))
    for (const role of missing) {
      await query(createRole(role))
      if (mark !== undefined) await query(markRole(role.name, mark))
      there.add(role.name)
      if (role.superuser) lost.push(`The role “${role.name}” is no superuser any more.`)
      if (role.login && role.verifier === null)
        lost.push(`The role “${role.name}” has no password.`)
    }
    for (const { name, settings: kept, memberOf } of missing) {
      const role = pg.escapeIdentifier(name)
      for (const setting of kept) {
        const done = await attempt(query, `ALTER ROLE ${role} ${setClause(setting)}`)
        if (!done) lost.push(`The role “${name}” lost its setting ${setting}.`)
      }
      for (const { role: group, admin } of memberOf) {
        const option = admin ? ' WITH ADMIN OPTION' : ''
        const grant = `GRANT ${pg.escapeIdentifier(group)} TO ${role}${option}`
        if (!there.has(group) || !(await attempt(query, grant)))
          lost.push(`The role “${name}” is no member of “${group}” any more.`)
      }
    }
  })
  return lost
}

function markRole(name: string, mark: string): string {
  return `COMMENT ON ROLE ${pg.escapeIdentifier(name)} IS ${pg.escapeLiteral(mark)}`
}

/** What is dropped takes its memberships along without a word, so one that has members is in use. */
const markedRolesQuery = `SELECT rolname AS name,
    EXISTS (SELECT FROM pg_auth_members JOIN pg_roles member ON member.oid = member
      WHERE roleid = r.oid AND member.rolname <> current_user)
    OR EXISTS (SELECT FROM pg_stat_activity WHERE usesysid = r.oid) AS used
  FROM pg_roles r WHERE shobj_description(oid, 'pg_authid') = $1 ORDER BY rolname`
const markedRows = z.array(z.object({ name: z.string(), used: z.boolean() }))

/** See `BackupSession.dropRoles`. Members go before what they are members of. */
export async function dropRoles(query: Query, mark: string): Promise<string[]> {
  const refused = new Set<string>()
  return inQuiet(query, async () => {
    for (;;) {
      const left = markedRows.parse(await query(markedRolesQuery, [mark]))
      const free = left.filter(({ name, used }) => !used && !refused.has(name))
      if (free.length === 0) return left.map(({ name }) => name)
      for (const { name } of free) {
        // What owns or may do something in any database is refused by the server itself.
        const dropped = await attempt(query, `DROP ROLE ${pg.escapeIdentifier(name)}`)
        if (!dropped) refused.add(name)
      }
    }
  })
}

function createRole(role: BackupRole): string {
  const may = (yes: boolean, word: string) => (yes ? word : `NO${word}`)
  const words = [
    'NOSUPERUSER',
    may(role.inherit, 'INHERIT'),
    may(role.createRole, 'CREATEROLE'),
    may(role.createDatabase, 'CREATEDB'),
    may(role.login, 'LOGIN'),
    may(role.replication, 'REPLICATION'),
    may(role.bypassRowSecurity, 'BYPASSRLS'),
    `CONNECTION LIMIT ${Math.trunc(role.connectionLimit)}`,
    ...(role.validUntil === null ? [] : [`VALID UNTIL ${pg.escapeLiteral(role.validUntil)}`]),
    ...(role.verifier === null ? [] : [`PASSWORD ${pg.escapeLiteral(role.verifier)}`]),
  ]
  return `CREATE ROLE ${pg.escapeIdentifier(role.name)} WITH ${words.join(' ')}`
}
