import * as z from 'zod'
import { hostFactsSchema } from '../../../../shared/contract/host-look.ts'
import { hostIdSchema } from '../../../../shared/contract/hosts.ts'
import type { HostFactsStore } from '../../../domain/ports.ts'
import type { Connection } from '../connection.ts'
import { jsonValue } from '../table.ts'

const factsRow = z.object({
  hostId: hostIdSchema,
  // What another version kept may be of another shape: then nothing is known.
  facts: jsonValue(hostFactsSchema.nullable().catch(null)),
})
const seenRow = z.object({ seenAt: z.int() }).transform(({ seenAt }) => seenAt)

/** What each host told of itself when it was last asked. */
export function createHostFactsStore(connection: Connection): HostFactsStore {
  return {
    list: () =>
      connection
        .all(factsRow, 'SELECT host_id AS hostId, facts FROM host_facts')
        .flatMap(({ hostId, facts }) => (facts === null ? [] : [{ hostId, facts }])),
    seenAt: (hostId) =>
      connection.get(seenRow, 'SELECT seen_at AS seenAt FROM host_facts WHERE host_id = ?', hostId),
    put(hostId, facts) {
      // A host that was removed while it told of itself has no row any more.
      connection.run(
        `INSERT INTO host_facts (host_id, seen_at, facts)
          SELECT id, ?, ? FROM hosts WHERE id = ?
          ON CONFLICT (host_id) DO UPDATE SET seen_at = excluded.seen_at, facts = excluded.facts`,
        Math.round(facts.at),
        JSON.stringify(facts),
        hostId,
      )
    },
  }
}
