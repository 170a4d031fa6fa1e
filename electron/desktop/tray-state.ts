import type { Overview } from './overview.ts'
import { troublesOf } from './tray-troubles.ts'

/** What the tray's icon tells at a glance. */
export type TrayState = 'fine' | 'attention' | 'failed' | 'unknown'

/** The gravest of what there is: failed, then what needs a look, then what is not known. */
export function trayState(view: Pick<Overview, 'hosts' | 'databases' | 'freshness'>): TrayState {
  const gravities = new Set(troublesOf(view).map(({ gravity }) => gravity))
  if (gravities.has('failed')) return 'failed'
  if (gravities.has('attention')) return 'attention'
  const unknown =
    gravities.has('unknown') ||
    view.databases.some(({ status }) => status === 'unknown') ||
    view.hosts.some(({ status }) => status.state === 'connecting')
  return unknown ? 'unknown' : 'fine'
}
