import {
  hashKey,
  useQueryClient,
  type DataTag,
  type QueryClient,
  type QueryKey,
} from '@tanstack/react-query'
import { useCallback, useSyncExternalStore } from 'react'
import { createItemStore, type ItemStore } from './item-store.ts'

/** The single items of a list that a query holds, as far as it is held at all. */
type ListItems<T extends { readonly id: string }> = (queries: QueryClient) => ItemStore<T>

/** Makes the items of a list heard of one by one, whatever it is that brings the list up to date. */
export function listItemsOf<T extends { readonly id: string }>({
  queryKey,
}: {
  queryKey: DataTag<QueryKey, T[], Error>
}): ListItems<T> {
  const hash = hashKey(queryKey)
  const stores = new WeakMap<QueryClient, ItemStore<T>>()
  return (queries) => {
    const known = stores.get(queries)
    if (known !== undefined) return known
    const store = createItemStore<T>()
    const take = () => {
      store.take(queries.getQueryData(queryKey) ?? [])
    }
    queries.getQueryCache().subscribe((event) => {
      if (event.type === 'updated' && event.query.queryHash === hash) take()
    })
    take()
    stores.set(queries, store)
    return store
  }
}

/** One item of a list, drawn anew when that one changes; undefined where there is none of this id. */
export function useListItem<T extends { readonly id: string }>(
  items: ListItems<T>,
  id: string | null,
): T | undefined {
  const store = items(useQueryClient())
  return useSyncExternalStore(
    useCallback(
      (listener: () => void) => (id === null ? () => undefined : store.subscribe(id, listener)),
      [store, id],
    ),
    () => (id === null ? undefined : store.get(id)),
  )
}
