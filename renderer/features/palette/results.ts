import type { DatabaseView } from '../../../shared/contract/databases.ts'
import type { HostView } from '../../../shared/contract/hosts.ts'
import type { Command } from '../../lib/commands.ts'
import { fit, ranked } from './fuzzy.ts'

/** What the palette is asked over. */
export interface PaletteSource {
  /** Without those in the trash. */
  databases: readonly DatabaseView[]
  hosts: readonly HostView[]
  commands: readonly Command[]
  actionsOf: (database: DatabaseView) => readonly Command[]
}

export type PaletteEntry =
  | { kind: 'command'; id: string; command: Command; database?: DatabaseView }
  | { kind: 'database'; id: string; database: DatabaseView }
  | { kind: 'host'; id: string; host: HostView }

/** Entries under one heading: a word, or the database they act on. */
export interface PaletteGroup {
  title: string
  about?: DatabaseView
  entries: readonly PaletteEntry[]
}

const most = { databases: 6, begin: 4, hosts: 3, actions: 6 }

/**
 * What the palette shows for what was typed. The database that fits best stands on top with its
 * actions, as does the one that is being looked at while nothing is typed. Within `scope` there are
 * its actions alone.
 */
export function paletteGroups(
  query: string,
  source: PaletteSource,
  { scope, looked }: { scope: DatabaseView | undefined; looked: DatabaseView | undefined },
): PaletteGroup[] {
  const { databases, hosts, commands } = source
  if (scope !== undefined) return [actions(source, scope, query)].filter(hasEntries)
  if (query.trim() === '') {
    const others = databases.filter((each) => each.id !== looked?.id).slice(0, most.begin)
    return [
      ...(looked === undefined ? [] : [actions(source, looked, '')]),
      { title: 'Databases', entries: others.map(ofDatabase) },
      {
        title: 'Commands',
        entries: commands.filter(({ onlyFound = false }) => !onlyFound).map(ofCommand),
      },
      { title: 'Hosts', entries: hosts.slice(0, most.hosts).map(ofHost) },
    ].filter(hasEntries)
  }
  const found = ranked(databases, (each) => fitDatabase(query, each))
  const [top, ...others] = found
  const foundHosts = ranked(hosts, ({ name }) => fit(query, `${name} host`, false))
  const foundCommands = ranked(commands, ({ label }) => fit(query, label))
  const groups: (PaletteGroup & { score: number })[] = [
    {
      title: 'Hosts',
      score: foundHosts[0]?.score ?? 0,
      entries: foundHosts.slice(0, most.hosts).map(({ value }) => ofHost(value)),
    },
    {
      title: 'Commands',
      score: foundCommands[0]?.score ?? 0,
      entries: foundCommands.slice(0, most.actions).map(({ value }) => ofCommand(value)),
    },
  ]
  if (top === undefined) {
    // A verb and a database, "stop shop" for one.
    const all = databases.flatMap((database) =>
      source.actionsOf(database).map((command) => ({ command, database })),
    )
    const fitting = ranked(all, ({ command, database }) =>
      fit(query, `${command.label} ${textOf(database)}`, false),
    )
    groups.unshift({
      title: 'Actions',
      score: fitting[0]?.score ?? 0,
      entries: fitting.slice(0, most.actions).map(({ value }) => ({
        kind: 'command',
        id: `${value.database.id}-${value.command.id}`,
        ...value,
      })),
    })
  } else {
    const rest = others.slice(0, most.databases).map(({ value }) => ofDatabase(value))
    groups.unshift(
      { ...actions(source, top.value, ''), score: top.score },
      { title: 'Databases', score: top.score, entries: rest },
    )
  }
  return groups.filter(hasEntries).sort((a, b) => b.score - a.score)
}

function actions(source: PaletteSource, database: DatabaseView, query: string): PaletteGroup {
  const all = source.actionsOf(database)
  const shown =
    query.trim() === ''
      ? all
      : ranked(all, ({ label }) => fit(query, label)).map(({ value }) => value)
  return {
    title: database.name,
    about: database,
    entries: shown.map((command) => ({
      kind: 'command',
      id: `${database.id}-${command.id}`,
      command,
    })),
  }
}

/** A name counts before all else there is to find a database by; of the same name, the first stays first. */
function fitDatabase(query: string, database: DatabaseView): number {
  return fit(query, database.name) || 0.9 * fit(query, textOf(database), false)
}

function textOf({ name, environment, hostName, engine }: DatabaseView): string {
  return `${name} ${environment} ${hostName} ${engine}`
}

const ofDatabase = (database: DatabaseView): PaletteEntry => ({
  kind: 'database',
  id: database.id,
  database,
})
const ofHost = (host: HostView): PaletteEntry => ({ kind: 'host', id: host.id, host })
const ofCommand = (command: Command): PaletteEntry => ({
  kind: 'command',
  id: command.id,
  command,
})
const hasEntries = ({ entries }: PaletteGroup) => entries.length > 0
