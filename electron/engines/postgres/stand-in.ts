import pg from 'pg'
import * as z from 'zod'
import { attempt, inQuiet } from './quiet.ts'
import type { Query } from './snapshot.ts'

const name = pg.escapeIdentifier
/** Stands as a comment on a role: what a restore has made may be changed by one, and nothing else. */
const mark = 'Stands in for the owner of a backup that Quayside restores'

const markRows = z.array(z.object({ comment: z.string().nullable() }))

/** Null where there is no such role; else whether it is one of ours. */
async function isStandIn(query: Query, role: string): Promise<boolean | null> {
  const comment = `SELECT shobj_description(oid, 'pg_authid') AS comment FROM pg_roles WHERE rolname = $1`
  const [found] = markRows.parse(await query(comment, [role]))
  return found === undefined ? null : found.comment === mark
}

/** See `BackupSession.createStandIn`. The owner of some things has to be a superuser. */
export async function createStandIn(query: Query, role: string): Promise<boolean> {
  return inQuiet(query, async () => {
    const there = await isStandIn(query, role)
    if (there === false) return false
    await query(`${there === null ? 'CREATE' : 'ALTER'} ROLE ${name(role)} NOLOGIN SUPERUSER`)
    await query(`COMMENT ON ROLE ${name(role)} IS ${pg.escapeLiteral(mark)}`)
    return true
  })
}

/** See `BackupSession.settleStandIn`. */
export async function settleStandIn(query: Query, role: string, owner: string): Promise<string[]> {
  return inQuiet(query, async () => {
    await query(`REASSIGN OWNED BY ${name(role)} TO ${name(owner)}`)
    return (await remove(query, role))
      ? []
      : [`The role “${role}” stays, without a login: something in the backup names it.`]
  })
}

/** See `BackupSession.dropStandIn`. */
export async function dropStandIn(query: Query, role: string): Promise<void> {
  await inQuiet(query, async () => {
    if ((await isStandIn(query, role)) === true) await remove(query, role)
  })
}

/** What names it, a grant or a policy, keeps it: then it may nothing any more. */
async function remove(query: Query, role: string): Promise<boolean> {
  await query(`ALTER ROLE ${name(role)} NOSUPERUSER`)
  return attempt(query, `DROP ROLE ${name(role)}`)
}
