import type { AppState } from '../../shared/contract/app.ts'
import type { DatabaseId, DatabaseView } from '../../shared/contract/databases.ts'
import type { HostView } from '../../shared/contract/hosts.ts'
import { isAnswering } from '../../shared/host-status.ts'
import { environmentLabels } from '../../shared/names.ts'
import type { Place } from '../../shared/places.ts'
import type { Overview } from './overview.ts'
import { troublesOf } from './tray-troubles.ts'

/** What an entry of the tray's menu does. */
export type TrayAction =
  | { readonly do: 'show'; readonly place: Place }
  | { readonly do: 'copy'; readonly id: DatabaseId; readonly what: 'url' | 'password' }
  | { readonly do: 'start' | 'stop' | 'restart'; readonly id: DatabaseId }
  | { readonly do: 'open-tunnel' | 'close-tunnel'; readonly id: DatabaseId }
  | { readonly do: 'open' | 'quit' | 'install-update' | 'stay' }

/** An entry of the menu, of plain data, so that two menus can be compared. */
export type TrayItem =
  | { readonly kind: 'line' }
  /** Tells something and does nothing. */
  | { readonly kind: 'note'; readonly label: string }
  | {
      readonly kind: 'action'
      readonly label: string
      readonly enabled: boolean
      readonly action: TrayAction
    }
  | { readonly kind: 'submenu'; readonly label: string; readonly items: readonly TrayItem[] }

/** What the menu is made of. */
export type TrayView = Pick<Overview, 'hosts' | 'databases' | 'tunnels' | 'freshness' | 'app'>

/** More databases than this, and each host's fold into a menu of their own. */
const longList = 20
/** As many of a kind of trouble are named; the window has them all. */
const namedTroubles = 4

const line: TrayItem = { kind: 'line' }

/** The tray's menu: what needs the user, the databases by host, and the ways into the window. */
export function trayMenu(view: TrayView): TrayItem[] {
  const databases = view.databases.filter(({ status }) => status !== 'trash')
  const open = new Map(view.tunnels.map((tunnel) => [tunnel.databaseId, tunnel.localPort]))
  const fold = databases.length > longList
  const groups = [...view.hosts].sort(byName).map((host) => {
    const own = databases.filter(({ hostId }) => hostId === host.id).sort(byName)
    const items = own.map((database) => databaseMenu(database, host, open.get(database.id) ?? null))
    return { label: hostLabel(host), items, host }
  })
  return [
    ...troubles(view),
    ...groups.flatMap(({ label, items, host }): TrayItem[] => {
      if (fold) return [{ kind: 'submenu', label: folded(label, items.length), items }]
      const none: TrayItem[] = [
        action('No databases', { do: 'show', place: { kind: 'host', id: host.id } }),
      ]
      return [{ kind: 'note', label }, ...(items.length === 0 ? none : items), line]
    }),
    ...(fold ? [line] : []),
    action('Open Quayside', { do: 'open' }),
    action('Create database…', { do: 'show', place: { kind: 'new-database' } }),
    line,
    ...ending(view.app),
    action('Quit', { do: 'quit' }),
  ]
}

/** An update that lies ready, and an end that is on its way, which can be taken back. */
function ending({ update, quitsAfter }: AppState): TrayItem[] {
  const jobs = quitsAfter === 1 ? '1 job is' : `${quitsAfter} jobs are`
  return [
    ...(update === null ? [] : [action(`Quit and install ${update}`, { do: 'install-update' })]),
    ...(quitsAfter === null ? [] : [action(`Quits when ${jobs} done · Stay open`, { do: 'stay' })]),
  ]
}

/** What needs the user, each leading to its place; nothing where all is well. */
function troubles(view: TrayView): TrayItem[] {
  const found = troublesOf(view).map(({ words, place }) => action(words, { do: 'show', place }))
  if (found.length === 0) return []
  const title = found.length === 1 ? '1 thing needs you' : `${found.length} things need you`
  const rest = found.length - namedTroubles
  const more: TrayItem[] = [
    action(`${rest} more in Quayside`, { do: 'show', place: { kind: 'databases' } }),
  ]
  return [
    { kind: 'note', label: title },
    ...found.slice(0, namedTroubles),
    ...(rest > 0 ? more : []),
    line,
  ]
}

function hostLabel({ name, status }: HostView): string {
  if (status.state === 'connecting') return `${name}, connecting`
  return isAnswering(status) ? name : `${name}, unknown`
}

function folded(label: string, count: number): string {
  return `${label} (${count})`
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

function databaseMenu(database: DatabaseView, host: HostView, port: number | null): TrayItem {
  const { name, environment, status, jobId } = database
  const state =
    jobId !== null && status !== 'unknown' ? (words[status] ?? 'working') : words[status]
  const label = [`${signs[status]} ${name}`, environmentLabels[environment], state]
    .filter((part) => part !== undefined)
    .join(', ')
  return { kind: 'submenu', label, items: databaseItems(database, host, port) }
}

function databaseItems(database: DatabaseView, host: HostView, port: number | null): TrayItem[] {
  const { id, status } = database
  const place = { kind: 'database', id } as const
  const live = status === 'running' || status === 'attention'
  const ready = status !== 'creating'
  const tunnel =
    port === null
      ? action('Open tunnel', { do: 'open-tunnel', id }, live)
      : action(`Close tunnel on ${port}`, { do: 'close-tunnel', id })
  return [
    action('Copy connection URL', { do: 'copy', id, what: 'url' }, ready),
    action('Copy password', { do: 'copy', id, what: 'password' }, ready),
    // A database of this computer is reached as it is.
    ...(host.connection.kind === 'local' ? [] : [line, tunnel]),
    line,
    ...(live ? runningItems(database) : [stoppedItem(database)]),
    line,
    action('Show in Quayside', { do: 'show', place }),
  ]
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

function action(label: string, what: TrayAction, enabled = true): TrayItem {
  return { kind: 'action', label, enabled, action: what }
}

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name.localeCompare(other.name)
}
