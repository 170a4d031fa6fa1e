import pg from 'pg'
import * as z from 'zod'
import type { Replication } from '../engine-backup.ts'
import type { Query } from './snapshot.ts'

const replicationRow = z.object({ subscriptions: z.array(z.string()), slots: z.array(z.string()) })

/** Subscriptions of all databases stand in one list; only a superuser may read all of it. */
const replicationQuery = `SELECT
  (SELECT coalesce(jsonb_agg(subname ORDER BY subname), '[]') FROM pg_subscription
    WHERE subenabled AND subdbid = d.oid) AS subscriptions,
  (SELECT coalesce(jsonb_agg(slot_name ORDER BY slot_name), '[]') FROM pg_replication_slots
    WHERE NOT temporary AND database = d.datname) AS slots
  FROM pg_database d WHERE d.datname = current_database()`

/** See `BackupSession.replication`. */
export async function readReplication(query: Query): Promise<Replication> {
  const [row] = await query(replicationQuery)
  return replicationRow.parse(row)
}

/** See `BackupSession.setSubscriptions`. */
export async function setSubscriptions(
  query: Query,
  names: readonly string[],
  enabled: boolean,
): Promise<void> {
  for (const name of names) {
    const verb = enabled ? 'ENABLE' : 'DISABLE'
    await query(`ALTER SUBSCRIPTION ${pg.escapeIdentifier(name)} ${verb}`)
  }
}
