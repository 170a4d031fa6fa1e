import { connectingStatus } from '../../shared/host-status.ts'
import type { Core } from './core.ts'
import { fromRecordsAlone, viewDatabases } from './databases/view-databases.ts'
import { viewHost } from './hosts/view-host.ts'
import type { Engines } from './engines.ts'
import type { Clock, SettingsStore, Stores } from './ports.ts'

/** What a window is drawn from at first. */
export interface FirstAnswers {
  readonly settings: Pick<Core['settings'], 'get'>
  readonly hosts: Pick<Core['hosts'], 'list'>
  readonly databases: Pick<Core['databases'], 'list'>
  readonly engines: Pick<Core['engines'], 'list'>
}

/** The core's own answers as long as no host was asked, from the records alone. */
export function createFirstAnswers(deps: {
  stores: Stores
  settings: SettingsStore
  engines: Engines
  clock: Clock
}): FirstAnswers {
  const { stores, settings, engines, clock } = deps
  return {
    settings: { get: async () => settings.get() },
    hosts: {
      async list() {
        const status = connectingStatus(clock.now())
        return stores.hosts.list().map((each) => viewHost(stores, each, status))
      },
    },
    databases: {
      list: async () => viewDatabases(stores, stores.databases.list(), fromRecordsAlone),
    },
    engines,
  }
}
