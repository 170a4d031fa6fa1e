import type { DatabaseView } from '../../../shared/contract/databases.ts'
import type { Environment } from '../../../shared/names.ts'
import { stateKind } from '../../lib/database-state.ts'
import type { StateKind } from '../../ui/StateDot.tsx'

/** The states one can narrow the list to, as they are offered. */
export const filterStates = [
  'running',
  'attention',
  'failed',
  'stopped',
  'working',
  'unknown',
] as const satisfies readonly StateKind[]

/** What the list is narrowed to; an empty set lets everything through. */
export interface DatabaseFilter {
  text: string
  hosts: ReadonlySet<string>
  environments: ReadonlySet<Environment>
  engines: ReadonlySet<string>
  states: ReadonlySet<StateKind>
}

export const noFilter: DatabaseFilter = {
  text: '',
  hosts: new Set(),
  environments: new Set(),
  engines: new Set(),
  states: new Set(),
}

/** True where something is left out. */
export function isFiltering(filter: DatabaseFilter): boolean {
  const { text, hosts, environments, engines, states } = filter
  return text.trim() !== '' || hosts.size + environments.size + engines.size + states.size > 0
}

/** The databases that fit, in the order of the list: by host, then name, production first. */
export function filterDatabases(
  databases: readonly DatabaseView[],
  filter: DatabaseFilter,
  engineLabel: (id: string) => string,
): DatabaseView[] {
  if (!isFiltering(filter)) return databases.toSorted(byHostThenName)
  const words = filter.text.trim().toLowerCase().split(/\s+/).filter(Boolean)
  return databases
    .filter((database) => {
      const { hostId, environment, engine } = database
      return (
        admits(filter.hosts, hostId) &&
        admits(filter.environments, environment) &&
        admits(filter.engines, engine) &&
        admits(filter.states, stateKind(database)) &&
        (words.length === 0 || mentions(database, engineLabel(engine), words))
      )
    })
    .sort(byHostThenName)
}

function mentions(database: DatabaseView, engine: string, words: readonly string[]): boolean {
  const { name, hostName, environment, version } = database
  const about = `${name} ${hostName} ${environment} ${engine} ${version}`.toLowerCase()
  return words.every((word) => about.includes(word))
}

function admits<T>(chosen: ReadonlySet<T>, value: T): boolean {
  return chosen.size === 0 || chosen.has(value)
}

const weight: Readonly<Record<Environment, number>> = { production: 0, staging: 1, development: 2 }

// Names are plain ASCII, so that comparing them as they are, which is quick, is also right.
function byHostThenName(a: DatabaseView, b: DatabaseView): number {
  return (
    compare(a.hostName, b.hostName) ||
    compare(a.name, b.name) ||
    weight[a.environment] - weight[b.environment] ||
    a.createdAt - b.createdAt
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
