import type { DatabaseId, DatabaseView } from '../../shared/contract/databases.ts'
import type { HostView } from '../../shared/contract/hosts.ts'
import type { TunnelView } from '../../shared/contract/tunnels.ts'
import { environmentLabels } from '../../shared/names.ts'
import { action, line, type TrayItem } from './tray-items.ts'

/** As many of a host have an entry; a menu of more takes long to build, and nobody reads it. */
const mostOfHost = 40

/**
 * The databases of a host by name. Of a great many those that count most: what is wrong, what is worked
 * on, what has a tunnel, then what runs, the newest first; and the way to them all.
 * @param open the tunnel of each database that has one open
 */
export function databaseItems(
  databases: readonly DatabaseView[],
  host: HostView,
  open: ReadonlyMap<DatabaseId, TunnelView>,
): TrayItem[] {
  const rank = (database: DatabaseView): number => rankOf(database, open.has(database.id))
  const newestFirst = (one: DatabaseView, other: DatabaseView): number =>
    rank(one) - rank(other) || changedAt(other) - changedAt(one)
  const many = databases.length > mostOfHost
  const shown = many ? databases.toSorted(newestFirst).slice(0, mostOfHost) : databases
  const items = shown
    .toSorted((one, other) => one.name.localeCompare(other.name))
    .map((database) => databaseMenu(database, host, open.get(database.id) ?? null))
  if (!many) return items
  const label = `All ${databases.length} databases of ${host.name} in Quayside…`
  return [...items, line, action(label, { do: 'show', place: { kind: 'host', id: host.id } })]
}

function rankOf({ status, jobId }: DatabaseView, hasTunnel: boolean): number {
  if (status === 'failed' || status === 'attention') return 0
  if (jobId !== null || status === 'creating') return 1
  if (hasTunnel) return 2
  return status === 'running' ? 3 : 4
}

function changedAt({ startedAt, since, createdAt }: DatabaseView): number {
  return startedAt ?? since ?? createdAt
}

/** A shape for each state, as in the window; also where a menu has no colours. */
const signs = {
  creating: '◌',
  running: '●',
  attention: '▲',
  stopped: '○',
  failed: '■',
  trash: '○',
  unknown: '◌',
} as const satisfies Record<DatabaseView['status'], string>

const words: Readonly<Partial<Record<DatabaseView['status'], string>>> = {
  creating: 'creating',
  attention: 'needs a look',
  stopped: 'stopped',
  failed: 'failed',
  unknown: 'unknown',
}

/** A database with all that can be done to it. */
function databaseMenu(database: DatabaseView, host: HostView, tunnel: TunnelView | null): TrayItem {
  const { name, environment, status, jobId } = database
  const state =
    jobId !== null && status !== 'unknown' ? (words[status] ?? 'working') : words[status]
  const label = [`${signs[status]} ${name}`, environmentLabels[environment], state]
    .filter((part) => part !== undefined)
    .join(', ')
  return { kind: 'submenu', label, items: entriesOf(database, host, tunnel) }
}

function entriesOf(database: DatabaseView, host: HostView, tunnel: TunnelView | null): TrayItem[] {
  const { id, status } = database
  const place = { kind: 'database', id } as const
  const live = status === 'running' || status === 'attention'
  const ready = status !== 'creating'
  return [
    action('Copy connection URL', { do: 'copy', id, what: 'url' }, ready),
    action('Copy password', { do: 'copy', id, what: 'password' }, ready),
    // A database of this computer is reached as it is.
    ...(host.connection.kind === 'local' ? [] : [line, tunnelItem(database, tunnel)]),
    line,
    ...(live ? runningItems(database) : [stoppedItem(database)]),
    line,
    action('Show in Quayside', { do: 'show', place }),
  ]
}

/** One that a command holds is closed by that alone. */
function tunnelItem({ id, status }: DatabaseView, tunnel: TunnelView | null): TrayItem {
  if (tunnel === null) {
    const live = status === 'running' || status === 'attention'
    return action('Open tunnel', { do: 'open-tunnel', id }, live)
  }
  const { localPort, elsewhere } = tunnel
  if (elsewhere) return { kind: 'note', label: `Tunnel on ${localPort}, held by a command` }
  return action(`Close tunnel on ${localPort}`, { do: 'close-tunnel', id })
}

/** Production is asked about first: then the window opens with the question. */
function runningItems({ id, environment, jobId }: DatabaseView): TrayItem[] {
  const free = jobId === null
  if (environment === 'production') {
    const ask = (ask: 'stop' | 'restart') =>
      ({ do: 'show', place: { kind: 'database', id, ask } }) as const
    return [action('Restart…', ask('restart'), free), action('Stop…', ask('stop'), free)]
  }
  return [action('Restart', { do: 'restart', id }, free), action('Stop', { do: 'stop', id }, free)]
}

function stoppedItem({ id, status, jobId }: DatabaseView): TrayItem {
  const can = jobId === null && status !== 'unknown' && status !== 'creating'
  return action('Start', { do: 'start', id }, can)
}
