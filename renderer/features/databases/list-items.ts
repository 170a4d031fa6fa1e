import type { DatabaseId, DatabaseView } from '../../../shared/contract/databases.ts'

/** What stands in the list, one below the other: a host's heading, then its databases. */
export type ListItem =
  | { kind: 'host'; key: string; hostId: string; name: string; count: number; folded: boolean }
  | { kind: 'database'; key: string; id: DatabaseId }

/** Heights of the two, px. */
export const itemHeights: Readonly<Record<ListItem['kind'], number>> = { host: 32, database: 48 }

/** The list's items for databases in the order of their hosts; a folded host shows none of its own. */
export function listItems(
  databases: readonly DatabaseView[],
  folded: ReadonlySet<string>,
): ListItem[] {
  const items: ListItem[] = []
  let heading: Extract<ListItem, { kind: 'host' }> | undefined
  for (const database of databases) {
    const { id, hostId, hostName: name } = database
    if (heading?.hostId !== hostId) {
      heading = {
        kind: 'host',
        key: hostId,
        hostId,
        name,
        count: 0,
        folded: folded.has(hostId),
      }
      items.push(heading)
    }
    heading.count += 1
    if (!heading.folded) items.push({ kind: 'database', key: id, id })
  }
  return items
}

/** Where a key leads from an item, when it is one that moves; a page is `page` items. */
export function nextItem(
  key: string,
  current: number,
  count: number,
  page: number,
): number | undefined {
  if (count === 0) return undefined
  const within = (index: number) => Math.max(0, Math.min(count - 1, index))
  switch (key) {
    case 'ArrowDown':
    case 'j':
    case 'J':
      return within(current + 1)
    case 'ArrowUp':
    case 'k':
    case 'K':
      return within(current - 1)
    case 'PageDown':
      return within(current + page)
    case 'PageUp':
      return within(current - page)
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return undefined
  }
}

/** The ids of all databases between two items, both included. */
export function idsBetween(items: readonly ListItem[], from: number, to: number): string[] {
  return items
    .slice(Math.min(from, to), Math.max(from, to) + 1)
    .flatMap((item) => (item.kind === 'database' ? [item.id] : []))
}
