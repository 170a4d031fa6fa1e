import type { DatabaseId } from '../../shared/contract/databases.ts'
import type { Place } from '../../shared/places.ts'

/** What an entry of the tray's menu does. */
export type TrayAction =
  | { readonly do: 'show'; readonly place: Place }
  | { readonly do: 'copy'; readonly id: DatabaseId; readonly what: 'url' | 'password' }
  | { readonly do: 'start' | 'stop' | 'restart'; readonly id: DatabaseId }
  | { readonly do: 'open-tunnel' | 'close-tunnel'; readonly id: DatabaseId }
  | { readonly do: 'open' | 'quit' }
  | { readonly do: 'install-update' | 'stay' }

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

export const line: TrayItem = { kind: 'line' }

/** An entry that does something. */
export function action(label: string, what: TrayAction, enabled = true): TrayItem {
  return { kind: 'action', label, enabled, action: what }
}
