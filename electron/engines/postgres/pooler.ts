import * as z from 'zod'
import { QuaysideError } from '../../../shared/errors.ts'
import type { PostgresClient } from './client.ts'

/** How often two sessions are compared; a pooler under load may show itself only by and by. */
const rounds = 4

/**
 * Refuses a way on which a session is not one server process from its beginning to its end, as behind
 * PgBouncer in transaction mode: what a dump sets for itself would reach other clients, whose queries
 * then fail, and would be missing for the dump. Changes nothing over there.
 *
 * A pooler hands out process numbers of its own. Then it is tried: a process that serves two open
 * sessions, or a session served by two processes, is not its own.
 *
 * @param another opens one more session, which is closed here
 * @throws QuaysideError `invalid_input` with a remedy
 */
export async function refusePooler(
  client: PostgresClient,
  another: () => Promise<PostgresClient>,
): Promise<void> {
  const first = await processOf(client)
  if (first === client.processId) return
  const second = await another().catch((thrown: unknown) => {
    throw throughPooler('That server is behind a pooler without a second connection.', thrown)
  })
  try {
    for (let round = 0; round < rounds; round++) {
      // Held meanwhile, so that the pooler can't give it to both in turn.
      await second.query('BEGIN READ ONLY')
      const shared = (await processOf(second)) === first
      if (shared || (await processOf(client)) !== first) {
        throw throughPooler('That server is behind a pooler that shares its connections.')
      }
      await second.query('COMMIT')
    }
  } catch (thrown) {
    throw saidByPooler(thrown) ?? thrown
  } finally {
    await second.close()
  }
}

/** What only a pooler says, in the words for it; null for everything else. */
export function saidByPooler(thrown: unknown): QuaysideError | null {
  const detail = thrown instanceof QuaysideError ? (thrown.detail ?? '') : ''
  if (!/unsupported startup parameter|statement pooling mode/.test(detail)) return null
  return throughPooler('That server is behind a pooler.', thrown)
}

/** What is said of a pooler, and where else to go. */
export function throughPooler(sentence: string, cause?: unknown): QuaysideError {
  return new QuaysideError(
    'invalid_input',
    `${sentence} A dump needs a connection of its own to the server.`,
    {
      hint: 'Use the direct connection: often the same string with port 5432 in place of 6432 or 6543, or with “-pooler” taken out of the server’s name.',
      field: 'connectionString',
      ...(cause !== undefined && { cause }),
    },
  )
}

const row = z.object({ id: z.coerce.number() })

async function processOf({ query }: PostgresClient): Promise<number> {
  const [first] = await query('SELECT pg_backend_pid() AS id')
  return row.parse(first).id
}
