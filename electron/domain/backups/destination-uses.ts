import type { DestinationId } from '../../../shared/contract/destinations.ts'
import type { Stores } from '../ports.ts'

/** What would lose its destination, in words; empty where nothing would. */
export function usesOf(stores: Pick<Stores, 'backups' | 'schedules'>, id: DestinationId): string[] {
  const copies = stores.backups.at(id).length
  const schedules = stores.schedules
    .list()
    .filter(({ plan }) => plan.destinationIds.includes(id))
    .map(({ plan }) => `the schedule ${plan.name}`)
  return [...(copies === 0 ? [] : [copies === 1 ? '1 backup' : `${copies} backups`]), ...schedules]
}
