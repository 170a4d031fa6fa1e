import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './global.css'
import { MantineProvider, type MantineColorSchemeManager } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { Router } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { databasesQuery } from '../features/databases/queries.ts'
import { enginesQuery } from '../features/engines/queries.ts'
import { hostsQuery } from '../features/hosts/queries.ts'
import { jobsQuery } from '../features/jobs/queries.ts'
import { settingsQuery } from '../features/settings/queries.ts'
import { startLive } from '../lib/live.ts'
import { Tips } from '../ui/Tips.tsx'
import { createQueries } from './query-client.ts'
import { Shell } from './Shell.tsx'
import { theme } from './theme.ts'
import { resolveTokens } from './tokens.ts'

const queries = createQueries()
startLive(window.quayside, queries)
// What the first screen is made of is asked for before it is drawn.
const first = Promise.all([
  queries.prefetchQuery(settingsQuery),
  queries.prefetchQuery(hostsQuery),
  queries.prefetchQuery(databasesQuery),
  queries.prefetchQuery(enginesQuery),
])
void queries.prefetchQuery(jobsQuery)
void first.then(() => requestIdleCallback(() => window.quayside.drawn()))
// The theme is a setting that the app applies to all its windows (electron/desktop/theme.ts): the page
// sees it as the desktop's. Mantine would otherwise wait for the page's storage before it draws.
const theDesktops: MantineColorSchemeManager = {
  get: () => 'auto',
  set: () => undefined,
  subscribe: () => undefined,
  unsubscribe: () => undefined,
  clear: () => undefined,
}

/** Everything the screens stand on: theme, queries, live events, routes. */
export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={resolveTokens}
      defaultColorScheme="auto"
      colorSchemeManager={theDesktops}
    >
      <QueryClientProvider client={queries}>
        <Router hook={useHashLocation}>
          <Shell />
        </Router>
      </QueryClientProvider>
      <Tips />
      <Notifications
        position="bottom-right"
        limit={4}
        containerWidth={400}
        transitionDuration={0}
      />
    </MantineProvider>
  )
}
