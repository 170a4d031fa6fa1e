import type { QueryClient } from '@tanstack/react-query'
import { databaseIdSchema } from '../../shared/contract/databases.ts'
import { jobIdSchema } from '../../shared/contract/jobs.ts'
import type { QuaysideEvent } from '../../shared/events.ts'
import { call } from './call.ts'
import { patchList } from './patch-list.ts'

type Changed = Extract<QuaysideEvent, { type: 'changed' }>
type Ids = NonNullable<Changed['ids']>

/** Each job is read by itself; of so many at once the list is read instead. */
const mostJobs = 10

/** How some of a topic are read; a topic that is not here is always read as a whole. */
const readers = {
  databases: (ids: Ids) =>
    call('databases.read', { ids: ids.map((id) => databaseIdSchema.parse(id)) }),
  jobs: (ids: Ids) =>
    Promise.all(
      ids.slice(0, mostJobs).map((id) => call('jobs.get', { id: jobIdSchema.parse(id) })),
    ),
}

/**
 * Brings what the window holds of a topic up to date. Where the news names what has changed, that alone
 * is read, if it has not come along, and put into the list; a list of a thousand is not read and compared
 * for one of them.
 */
export async function takeChange(queries: QueryClient, changed: Changed): Promise<void> {
  const { topic, ids, databases } = changed
  const known = ids !== undefined && ids.length <= (topic === 'jobs' ? mostJobs : Infinity)
  if (!known || (topic !== 'databases' && topic !== 'jobs')) {
    await queries.invalidateQueries({ queryKey: [topic] })
    return
  }
  const list = [topic, 'list']
  const others = queries.invalidateQueries({
    queryKey: [topic],
    predicate: ({ queryKey }) =>
      queryKey[1] !== 'list' && (queryKey[1] !== 'one' || ids.includes(String(queryKey[2]))),
  })
  const reader = databases === undefined ? readers[topic] : () => Promise.resolve(databases)
  if (queries.getQueryState(list) !== undefined) await patch(queries, list, ids, reader)
  await others
}

interface Item {
  readonly id: string
}

async function patch(
  queries: QueryClient,
  list: string[],
  ids: Ids,
  reader: (ids: Ids) => Promise<Item[]>,
): Promise<void> {
  // A look that fails shows its reason where the list is shown.
  const read = await reader(ids).catch(() => undefined)
  const held = queries.getQueryData<readonly Item[]>(list)
  const patched = held && read && patchList(held, ids, read)
  if (patched === undefined) await queries.invalidateQueries({ queryKey: list })
  else queries.setQueryData(list, patched)
}
