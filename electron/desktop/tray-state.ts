import type { Overview } from './overview.ts'

/** What the tray's icon tells at a glance. */
export type TrayState = 'fine' | 'attention' | 'failed' | 'unknown'

/** The gravest of what there is: failed, then what needs a look, then what is not known. */
export function trayState({
  hosts,
  databases,
  freshness,
}: Pick<Overview, 'hosts' | 'databases' | 'freshness'>): TrayState {
  const states = new Set(hosts.map(({ status }) => status.state))
  const statuses = new Set(databases.map(({ status }) => status))
  if (statuses.has('failed') || states.has('key-changed')) return 'failed'
  const backups = freshness.some(
    ({ late, failed, unproven }) => late || failed !== null || unproven !== null,
  )
  if (backups || statuses.has('attention') || states.has('refused') || states.has('degraded')) {
    return 'attention'
  }
  if (statuses.has('unknown') || states.has('lost') || states.has('connecting')) return 'unknown'
  return 'fine'
}
