import { QueryClient } from '@tanstack/react-query'

/** The window's cache. Events refresh it; time, focus and the network don't. */
export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Infinity,
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        // The core is in this very app: being offline is no reason not to ask it.
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  })
}
