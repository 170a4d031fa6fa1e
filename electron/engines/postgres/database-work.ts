import pg from 'pg'
import * as z from 'zod'
import { QuaysideError } from '../../../shared/errors.ts'
import type { BackupRole, DatabaseFacts } from '../engine-backup.ts'
import { attempt, inQuiet } from './quiet.ts'
import { roleNames } from './roles.ts'
import { setClause } from './settings.ts'
import type { Query } from './snapshot.ts'

const name = pg.escapeIdentifier
const text = pg.escapeLiteral

/** See `BackupSession.createDatabase`. */
export async function createDatabase(
  query: Query,
  database: string,
  like: DatabaseFacts | null,
): Promise<void> {
  const there = await listDatabases(query)
  if (there.includes(database)) {
    throw new QuaysideError('name_taken', `The server has a database “${database}” already.`, {
      hint: 'Choose another name.',
    })
  }
  const words = like === null ? [] : await wordsLike(query, like)
  await query(['CREATE DATABASE', name(database), 'TEMPLATE template0', ...words].join(' '))
}

/** Order and classes of letters can't be changed later. */
async function wordsLike(query: Query, like: DatabaseFacts): Promise<string[]> {
  const owned = (await roleNames(query)).has(like.owner) ? [`OWNER ${name(like.owner)}`] : []
  const libc = [`LC_COLLATE ${text(like.collate)}`, `LC_CTYPE ${text(like.ctype)}`]
  const rules = like.icuRules ? [`ICU_RULES ${text(like.icuRules)}`] : []
  const provided =
    like.localeProvider === 'i' && like.locale !== null
      ? ['LOCALE_PROVIDER icu', `ICU_LOCALE ${text(like.locale)}`, ...rules]
      : like.localeProvider === 'b' && like.locale !== null
        ? ['LOCALE_PROVIDER builtin', `BUILTIN_LOCALE ${text(like.locale)}`]
        : []
  return [...owned, `ENCODING ${text(like.encoding)}`, ...libc, ...provided]
}

/** See `BackupSession.applyDatabase`. */
export async function applyDatabase(
  query: Query,
  database: string,
  { settings, grants, owner, connectionLimit = -1, isTemplate = false }: DatabaseFacts,
  roles: readonly BackupRole[],
): Promise<string[]> {
  const lost: string[] = []
  const keep = async (statement: string, what: string): Promise<void> => {
    if (!(await attempt(query, statement))) lost.push(what)
  }
  await inQuiet(query, async () => {
    const there = await roleNames(query)
    const subject = `DATABASE ${name(database)}`
    if (!there.has(owner)) lost.push(`The owner “${owner}” is not on this server.`)
    else await keep(`ALTER ${subject} OWNER TO ${name(owner)}`, `“${owner}” is not the owner.`)
    if (connectionLimit !== -1 || isTemplate)
      await query(
        `ALTER ${subject} WITH CONNECTION LIMIT ${Math.trunc(connectionLimit)} IS_TEMPLATE ${isTemplate}`,
      )
    for (const setting of settings)
      await keep(`ALTER ${subject} ${setClause(setting)}`, `The setting ${setting} was refused.`)
    for (const role of roles.filter((one) => there.has(one.name)))
      for (const setting of role.databaseSettings)
        await keep(
          `ALTER ROLE ${name(role.name)} IN ${subject} ${setClause(setting)}`,
          `The role “${role.name}” lost its setting ${setting}.`,
        )
    if (grants === null) return
    await query(`REVOKE ALL ON ${subject} FROM PUBLIC`)
    for (const { role, privilege, grantable } of grants) {
      if (!/^[A-Z]+$/.test(privilege)) continue
      const to = role === '' ? 'PUBLIC' : name(role)
      const what = `“${role}” may no longer ${privilege}.`
      if (role !== '' && !there.has(role)) lost.push(what)
      else
        await keep(
          `GRANT ${privilege} ON ${subject} TO ${to}${grantable ? ' WITH GRANT OPTION' : ''}`,
          what,
        )
    }
  })
  return lost
}

/** See `BackupSession.dropDatabase`. */
export async function dropDatabase(query: Query, database: string): Promise<void> {
  if (!(await listDatabases(query)).includes(database)) return
  // One that others are copied from is dropped only without that mark.
  await query(`ALTER DATABASE ${name(database)} WITH IS_TEMPLATE false`)
  await query(`DROP DATABASE IF EXISTS ${name(database)} WITH (FORCE)`)
}

const nameRows = z.array(z.object({ name: z.string() }))

export async function listDatabases(query: Query): Promise<string[]> {
  // Somebody's own template is one too, with data in it.
  const all = `SELECT datname AS name FROM pg_database
    WHERE datname NOT IN ('template0', 'template1') ORDER BY 1`
  return nameRows.parse(await query(all)).map((row) => row.name)
}
