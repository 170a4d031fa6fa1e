import type { DatabaseView } from '../../shared/contract/databases.ts'
import type { StateKind } from '../ui/StateDot.tsx'

const kinds: Readonly<Record<DatabaseView['status'], StateKind>> = {
  creating: 'working',
  running: 'running',
  attention: 'attention',
  stopped: 'stopped',
  failed: 'failed',
  trash: 'stopped',
  unknown: 'unknown',
}

export const stateLabels: Readonly<Record<StateKind, string>> = {
  running: 'Running',
  attention: 'Needs a look',
  failed: 'Failed',
  stopped: 'Stopped',
  working: 'Working',
  unknown: 'Unknown',
}

/** The shape a database's state is shown in; while a job works on it, that comes first. */
export function stateKind(database: DatabaseView): StateKind {
  return database.jobId !== null && database.status !== 'unknown'
    ? 'working'
    : kinds[database.status]
}

/** True where live numbers can be had. */
export function isLive(database: DatabaseView): boolean {
  return database.status === 'running' || database.status === 'attention'
}

/** How long the trash keeps a database, milliseconds. */
export const trashKeeps = 7 * 24 * 60 * 60 * 1000
