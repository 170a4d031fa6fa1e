import type { AppState } from '../../shared/contract/app.ts'
import type { HostView } from '../../shared/contract/hosts.ts'
import { isAnswering } from '../../shared/host-status.ts'
import type { Overview } from './overview.ts'
import { databaseItems } from './tray-databases.ts'
import { action, line, type TrayItem } from './tray-items.ts'
import { troublesOf } from './tray-troubles.ts'

/** What the menu is made of. */
export type TrayView = Pick<Overview, 'hosts' | 'databases' | 'tunnels' | 'freshness' | 'app'>

/** More databases than this, and each host's fold into a menu of their own. */
const longList = 20
/** As many of a kind of trouble are named; the window has them all. */
const namedTroubles = 4

/** The tray's menu: what needs the user, the databases by host, and the ways into the window. */
export function trayMenu(view: TrayView): TrayItem[] {
  const databases = view.databases.filter(({ status }) => status !== 'trash')
  const open = new Map(view.tunnels.map((tunnel) => [tunnel.databaseId, tunnel]))
  const fold = databases.length > longList
  const groups = [...view.hosts].sort(byName).map((host) => {
    const own = databases.filter(({ hostId }) => hostId === host.id)
    const items = databaseItems(own, host, open)
    return { label: hostLabel(host), count: own.length, items, host }
  })
  return [
    ...troubles(view),
    ...groups.flatMap(({ label, count, items, host }): TrayItem[] => {
      if (fold) return [{ kind: 'submenu', label: `${label} (${count})`, items }]
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

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name.localeCompare(other.name)
}
