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
    coalesce((SELECT jsonb_agg(to_jsonb(g) ORDER BY g.role)
      FROM (SELECT pg_get_userbyid(m.roleid) AS role, bool_or(m.admin_option) AS admin,
          bool_or((to_jsonb(m) ->> 'inherit_option')::boolean) AS inherit,
          bool_or((to_jsonb(m) ->> 'set_option')::boolean) AS set
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

const commentRows = z.array(z.object({ name: z.string(), comment: z.string().nullable() }))

/** Every role of the server, with its comment. */
async function roleComments(query: Query): Promise<Map<string, string | null>> {
  const all = `SELECT rolname AS name, shobj_description(oid, 'pg_authid') AS comment FROM pg_roles`
  return new Map(commentRows.parse(await query(all)).map(({ name, comment }) => [name, comment]))
}

/** The comment on a role that is a superuser until what it owns is restored, see `settleRoles`. */
function raisedMark(mark = 'Made by Quayside for a restore'): string {
  return `${mark}, a superuser until that is done`
}

/**
 * See `BackupSession.applyRoles`. A backup does not make a superuser: that would be the whole server. But
 * some things can belong to a superuser alone, so whoever was one stays one, without login and members,
 * until they are restored.
 */
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
      const name = pg.escapeIdentifier(role.name)
      await query(
        role.superuser
          ? `CREATE ROLE ${name} NOLOGIN SUPERUSER`
          : `CREATE ROLE ${name} WITH ${attributesOf(role)}`,
      )
      const comment = role.superuser ? raisedMark(mark) : mark
      if (comment !== undefined) await query(commentOn(role.name, comment))
      there.add(role.name)
      lost.push(...(await giveExpiry(query, role)))
      if (role.superuser) lost.push(`The role “${role.name}” is no superuser any more.`)
      if (role.login && role.verifier === null)
        lost.push(`The role “${role.name}” has no password.`)
    }
    const raised = new Set(missing.filter(({ superuser }) => superuser).map(({ name }) => name))
    const plain = missing.filter(({ name }) => !raised.has(name))
    for (const role of plain) lost.push(...(await giveSettings(query, role)))
    for (const role of plain)
      for (const group of role.memberOf.filter((one) => !raised.has(one.role)))
        lost.push(...(await giveMembership(query, role.name, group, there)))
  })
  return lost
}

/** What can belong to a superuser alone: all of one that a role owns in this database. */
const superusersQuery = `SELECT kind, name FROM (
    SELECT 'EVENT TRIGGER', evtname, evtowner FROM pg_event_trigger
    UNION ALL SELECT 'FOREIGN DATA WRAPPER', fdwname, fdwowner FROM pg_foreign_data_wrapper
    UNION ALL SELECT 'PUBLICATION', pubname, pubowner FROM pg_publication
    UNION ALL SELECT 'SUBSCRIPTION', subname, subowner FROM pg_subscription
      WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  ) AS owned (kind, name, owner)
  WHERE owner = (SELECT oid FROM pg_roles WHERE rolname = $1) ORDER BY 1, 2`
const ownedRows = z.array(z.object({ kind: z.string(), name: z.string() }))

/** See `BackupSession.settleRoles`. */
export async function settleRoles(
  query: Query,
  roles: readonly BackupRole[],
  { owner, mark }: { owner: string; mark?: string | undefined },
): Promise<string[]> {
  const lost: string[] = []
  await inQuiet(query, async () => {
    const comments = await roleComments(query)
    const there = new Set(comments.keys())
    const isRaised = (name: string): boolean => comments.get(name) === raisedMark(mark)
    const isOurs = (name: string): boolean => mark === undefined || comments.get(name) === mark
    for (const role of roles.filter(({ name }) => isRaised(name))) {
      for (const { kind, name } of ownedRows.parse(await query(superusersQuery, [role.name]))) {
        await query(
          `ALTER ${kind} ${pg.escapeIdentifier(name)} OWNER TO ${pg.escapeIdentifier(owner)}`,
        )
        lost.push(
          `The ${kind.toLowerCase()} “${name}” of “${role.name}” belongs to “${owner}” now.`,
        )
      }
      await query(`ALTER ROLE ${pg.escapeIdentifier(role.name)} WITH ${attributesOf(role)}`)
      await query(commentOn(role.name, mark ?? null))
      lost.push(...(await giveSettings(query, role)))
    }
    for (const { name, memberOf } of roles)
      for (const group of memberOf)
        if (isRaised(name) || (isRaised(group.role) && isOurs(name)))
          lost.push(...(await giveMembership(query, name, group, there)))
  })
  return lost
}

/** In a backup from before dates were written alike everywhere it may be one that this server can't read. */
async function giveExpiry(query: Query, { name, validUntil }: BackupRole): Promise<string[]> {
  if (validUntil === null) return []
  const until = `VALID UNTIL ${pg.escapeLiteral(validUntil)}`
  if (await attempt(query, `ALTER ROLE ${pg.escapeIdentifier(name)} ${until}`)) return []
  return [`The role “${name}” is valid without an end: it was until ${validUntil}.`]
}

async function giveSettings(query: Query, { name, settings }: BackupRole): Promise<string[]> {
  const lost: string[] = []
  for (const setting of settings) {
    const done = await attempt(
      query,
      `ALTER ROLE ${pg.escapeIdentifier(name)} ${setClause(setting)}`,
    )
    if (!done) lost.push(`The role “${name}” lost its setting ${setting}.`)
  }
  return lost
}

async function giveMembership(
  query: Query,
  member: string,
  { role, admin, inherit, set }: BackupRole['memberOf'][number],
  there: ReadonlySet<string>,
): Promise<string[]> {
  const told = Object.entries({ INHERIT: inherit, SET: set })
    .filter(([, value]) => typeof value === 'boolean')
    .map(([word, value]) => `${word} ${value}`)
  const options = [...(admin ? ['ADMIN OPTION'] : []), ...told]
  const words = options.length === 0 ? '' : ` WITH ${options.join(', ')}`
  const grant = `GRANT ${pg.escapeIdentifier(role)} TO ${pg.escapeIdentifier(member)}${words}`
  if (there.has(role) && (await attempt(query, grant))) return []
  return [`The role “${member}” is no member of “${role}” any more.`]
}

function commentOn(role: string, comment: string | null): string {
  const text = comment === null ? 'NULL' : pg.escapeLiteral(comment)
  return `COMMENT ON ROLE ${pg.escapeIdentifier(role)} IS ${text}`
}

/** What is dropped takes its memberships along without a word, so one that has members is in use. */
const markedRolesQuery = `SELECT rolname AS name,
    EXISTS (SELECT FROM pg_auth_members JOIN pg_roles member ON member.oid = member
      WHERE roleid = r.oid AND member.rolname <> current_user)
    OR EXISTS (SELECT FROM pg_stat_activity WHERE usesysid = r.oid) AS used
  FROM pg_roles r WHERE shobj_description(oid, 'pg_authid') IN ($1, $2) ORDER BY rolname`
const markedRows = z.array(z.object({ name: z.string(), used: z.boolean() }))

/**
 * See `BackupSession.dropRoles`. Members go before what they are members of. Who stays is no superuser any
 * more in any case.
 */
export async function dropRoles(query: Query, mark: string): Promise<string[]> {
  const refused = new Set<string>()
  return inQuiet(query, async () => {
    for (;;) {
      const left = markedRows.parse(await query(markedRolesQuery, [mark, raisedMark(mark)]))
      const free = left.filter(({ name, used }) => !used && !refused.has(name))
      if (free.length === 0) {
        for (const { name } of left)
          await query(`ALTER ROLE ${pg.escapeIdentifier(name)} NOSUPERUSER`)
        return left.map(({ name }) => name)
      }
      for (const { name } of free) {
        // What owns or may do something in any database is refused by the server itself.
        const dropped = await attempt(query, `DROP ROLE ${pg.escapeIdentifier(name)}`)
        if (!dropped) refused.add(name)
      }
    }
  })
}

function attributesOf(role: BackupRole): string {
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
    ...(role.verifier === null ? [] : [`PASSWORD ${pg.escapeLiteral(role.verifier)}`]),
  ]
  return words.join(' ')
}
