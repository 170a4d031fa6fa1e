import { mostRead, type DatabaseId } from '../../../shared/contract/databases.ts'
import type { HostId } from '../../../shared/contract/hosts.ts'
import type { Publish, Stores } from '../ports.ts'

/** Tells that these databases have changed. Of more than are read by themselves, all are read again. */
export function tellDatabases(publish: Publish, ids: readonly DatabaseId[]): void {
  if (ids.length > mostRead) publish({ type: 'changed', topic: 'databases' })
  else if (ids.length > 0) publish({ type: 'changed', topic: 'databases', ids: [...ids] })
}

/** Tells that whatever lies on this host has changed. */
export function tellDatabasesOn(
  { stores, publish }: { stores: Pick<Stores, 'databases'>; publish: Publish },
  hostId: HostId,
): void {
  const there = stores.databases.list().filter((record) => record.hostId === hostId)
  tellDatabases(
    publish,
    there.map(({ id }) => id),
  )
}
