import { openHome } from './compose/open-home.ts'
import type { Windows } from './desktop/window.ts'
import { createEngines } from './domain/engines.ts'
import { createFirstAnswers } from './domain/first-answers.ts'
import type { Clock, Log, SettingsStore, Stores } from './domain/ports.ts'
import { engines } from './engines/index.ts'
import type { Calls } from './ipc/calls.ts'
import { createDispatch } from './ipc/dispatch.ts'

export interface BeforeCoreDeps {
  home: string
  settings: SettingsStore
  clock: Clock
  log: Log
  windows: Windows
  calls: Calls
}

/** Another program's lock on the data holds up this thread, and the window with it, at most so long. */
const storeBusyMs = 150

/**
 * Opens the records and answers from them what the window asks first: its list stands before the core is
 * loaded, which takes four times as long.
 * @returns the records, for the core to come
 * @throws QuaysideError what `openHome` throws
 */
export async function answerBeforeCore(deps: BeforeCoreDeps): Promise<Stores> {
  const { home, settings, clock, log, windows, calls } = deps
  const stores = await openHome({ home, clock, busyMs: storeBusyMs })
  const first = createFirstAnswers({ stores, settings, engines: createEngines(engines), clock })
  calls.answerBy(
    createDispatch({
      handlers: {
        'settings.get': first.settings.get,
        'hosts.list': first.hosts.list,
        'databases.list': first.databases.list,
        'engines.list': first.engines.list,
      },
      isOurs: windows.owns,
      clock,
      log,
    }),
  )
  return stores
}
