import { QuaysideError } from '../../../shared/errors.ts'
import type { Query } from './snapshot.ts'

/** One transaction whose statements, which may hold what passwords are checked by, are in no log. */
export async function inQuiet<T>(query: Query, work: () => Promise<T>): Promise<T> {
  await query('BEGIN')
  try {
    // Only a superuser may, and only a superuser's server logs what is ours.
    await query(`SELECT set_config(name, value, true) FROM (VALUES ('log_statement', 'none'),
      ('log_min_duration_statement', '-1'), ('log_min_error_statement', 'panic'),
      ('log_duration', 'off')) AS quiet (name, value)
      WHERE (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)`)
    const result = await work()
    await query('COMMIT')
    return result
  } catch (thrown) {
    await query('ROLLBACK').catch(() => undefined)
    throw thrown
  }
}

/** Runs a statement within a transaction; false where the server refuses it, and all else goes on. */
export async function attempt(query: Query, statement: string): Promise<boolean> {
  await query('SAVEPOINT attempt')
  try {
    await query(statement)
    await query('RELEASE SAVEPOINT attempt')
    return true
  } catch (thrown) {
    if (!(thrown instanceof QuaysideError) || thrown.code !== 'engine_failed') throw thrown
    await query('ROLLBACK TO SAVEPOINT attempt')
    return false
  }
}
