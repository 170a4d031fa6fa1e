import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type { HostId } from '../../../shared/contract/hosts.ts'
import type { StoreTrouble } from '../app/store-trouble.ts'
import type { LastKnown, Stores } from '../ports.ts'

/**
 * Keeps what a host told for the time in which it does not answer. False where this computer can't,
 * as with a full disk: what the host told is no less true for it.
 */
export function keepLastKnown(
  { stores, storeTrouble }: { stores: Stores; storeTrouble: StoreTrouble },
  hostId: HostId,
  told: ReadonlyMap<DatabaseId, LastKnown>,
): boolean {
  const isNew = ([id, known]: [DatabaseId, LastKnown]): boolean => {
    const record = stores.databases.get(id)
    return record?.hostId === hostId && differs(record.lastKnown, known)
  }
  const fresh = [...told].filter(isNew)
  if (fresh.length === 0) return true
  return storeTrouble.attempt(() =>
    stores.transaction(() => {
      for (const [id, known] of fresh) stores.databases.setLastKnown(id, known)
    }),
  )
}

/** Whether a row is worth writing: the time of the last look alone is written once a minute. */
function differs(before: LastKnown | null, after: LastKnown): boolean {
  return (
    before === null ||
    before.status !== after.status ||
    before.reason !== after.reason ||
    before.startedAt !== after.startedAt ||
    // Also back: after the clock was set back, the old time would lie ahead for long.
    Math.abs(after.at - before.at) > 60_000
  )
}
