import pg from 'pg'
import { QuaysideError } from '../../../shared/errors.ts'
import type { SessionLogin } from '../engine.ts'
import { connectPostgres } from './client.ts'

/** Between two rounds of ending connections, milliseconds. */
const endEveryMs = 100

/**
 * See `EngineBackup.swap`. Both names change in one transaction, so that there is no moment between
 * them to be cut off in. A change of name waits some seconds for the database's connections to go, and
 * lets no new one in meanwhile; a second session ends those that are there.
 */
export async function swapDatabases(
  open: () => Promise<SessionLogin>,
  { filled, live, keepAs }: { filled: string; live: string; keepAs: string },
  signal?: AbortSignal,
): Promise<void> {
  const name = pg.escapeIdentifier
  const options = { queryMs: null, signal, pinSearchPath: true }
  const renaming = await connectPostgres(await open(), options)
  try {
    const ending = await connectPostgres(await open(), options)
    const state = { done: false }
    const endAll = async (): Promise<void> => {
      while (!state.done) {
        await ending.query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY($1)',
          [[filled, live]],
        )
        await new Promise((resolve) => setTimeout(resolve, endEveryMs))
      }
    }
    // Its failure counts only if the names could not be changed without it.
    const clearing = endAll().catch(() => undefined)
    try {
      await renaming.query('BEGIN')
      await renaming.query("SELECT set_config('lock_timeout', '30s', true)")
      await renaming.query(`ALTER DATABASE ${name(live)} RENAME TO ${name(keepAs)}`)
      await renaming.query(`ALTER DATABASE ${name(filled)} RENAME TO ${name(live)}`)
      await renaming.query('COMMIT')
    } catch (cause) {
      await renaming.query('ROLLBACK').catch(() => undefined)
      if (signal?.aborted === true) throw cause
      throw new QuaysideError(
        'restore_failed',
        'The restored database could not take the other’s place.',
        {
          hint: 'Something kept its connection to it. Nothing was changed; retry.',
          detail: cause instanceof QuaysideError ? (cause.detail ?? cause.message) : String(cause),
        },
      )
    } finally {
      state.done = true
      await clearing
      await ending.close()
    }
  } finally {
    await renaming.close()
  }
}
