import type { DatabaseView } from '../../../shared/contract/databases.ts'
import type { Environment } from '../../../shared/names.ts'
import { stateKind } from '../../lib/database-state.ts'
import type { StateKind } from '../../ui/StateDot.tsx'

/** What the list is narrowed to; an empty set lets everything through. */
export interface DatabaseFilter {
  text: string
  environments: ReadonlySet<Environment>
  engines: ReadonlySet<string>
  states: ReadonlySet<StateKind>
}

export const noFilter: DatabaseFilter = {
  text: '',
  environments: new Set(),
  engines: new Set(),
  states: new Set(),
}

/** True where something is left out. */
export function isFiltering({ text, environments, engines, states }: DatabaseFilter): boolean {
  return text.trim() !== '' || environments.size + engines.size + states.size > 0
}

/** The databases that fit, in the order of the list: by name, production first. */
export function filterDatabases(
  databases: readonly DatabaseView[],
  filter: DatabaseFilter,
  engineLabel: (id: string) => string,
): DatabaseView[] {
  const words = filter.text.trim().toLowerCase().split(/\s+/).filter(Boolean)
  return databases
    .filter((database) => {
      const { name, hostName, environment, engine, version } = database
      const about = `${name} ${hostName} ${environment} ${engineLabel(engine)} ${version}`
      return (
        words.every((word) => about.toLowerCase().includes(word)) &&
        admits(filter.environments, environment) &&
        admits(filter.engines, engine) &&
        admits(filter.states, stateKind(database))
      )
    })
    .sort(byNameThenEnvironment)
}

function admits<T>(chosen: ReadonlySet<T>, value: T): boolean {
  return chosen.size === 0 || chosen.has(value)
}

const weight: Readonly<Record<Environment, number>> = { production: 0, staging: 1, development: 2 }

function byNameThenEnvironment(a: DatabaseView, b: DatabaseView): number {
  return (
    a.name.localeCompare(b.name) ||
    weight[a.environment] - weight[b.environment] ||
    a.createdAt - b.createdAt
  )
}
