import type { DatabaseView } from '../../shared/contract/databases.ts'
import type { HostConnection, HostView } from '../../shared/contract/hosts.ts'
import type { JobView } from '../../shared/contract/jobs.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** A length of time in one unit: `38 min`. Milliseconds in. */
export function span(ms: number): string {
  if (ms < minute) return `${Math.max(0, Math.floor(ms / second))} s`
  if (ms < hour) return `${Math.floor(ms / minute)} min`
  if (ms < 2 * day) return `${Math.floor(ms / hour)} h`
  return `${Math.floor(ms / day)} d`
}

/** How long ago, up to seven days; the date from then on. Epoch milliseconds in. */
export function age(at: number, now: number): string {
  const ms = now - at
  if (ms < second) return 'now'
  if (ms < 7 * day) return `${span(ms)} ago`
  return new Date(at).toISOString().slice(0, 10)
}

const databaseWords: Readonly<Record<DatabaseView['status'], string>> = {
  creating: 'creating',
  running: 'running',
  attention: 'needs attention',
  stopped: 'stopped',
  failed: 'failed',
  trash: 'in the trash',
  unknown: 'unknown',
}

/** A database's state for people; what is not known says since when. */
export function databaseState(database: DatabaseView, now: number): string {
  const word = databaseWords[database.status]
  if (database.status === 'trash' && database.deletedAt !== null)
    return `${word} since ${age(database.deletedAt, now)}`
  if (database.status !== 'unknown') return word
  return database.since === null ? word : `unknown, last known ${age(database.since, now)}`
}

const hostWords: Readonly<Record<HostView['status']['state'], string>> = {
  connecting: 'no answer yet',
  ready: 'ready',
  degraded: 'ready, with limits',
  lost: 'does not answer',
  refused: 'needs you',
  'key-changed': 'host key changed',
}

/** A host's state for people. */
export function hostState(host: HostView, now: number): string {
  const { state, lastSeen, touch } = host.status
  if (touch) return 'waits until you touch your security key'
  if (state === 'lost' && lastSeen !== null) return `does not answer since ${span(now - lastSeen)}`
  return hostWords[state]
}

/** How a host is reached, in one line. */
export function connectionText(connection: HostConnection): string {
  if (connection.kind === 'local') return connection.socketPath
  if (connection.kind === 'ssh-config') return `${connection.alias} (SSH config)`
  const { user, address, port } = connection
  return `${user}@${address}${port === 22 ? '' : `:${port}`}`
}

const jobWords: Readonly<Record<JobView['state'], string>> = {
  waiting: 'waiting',
  running: 'running',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
}

/** A job's state for people. */
export function jobState(job: JobView): string {
  if (job.interrupted) return 'interrupted, goes on with the next start'
  if (job.undoing) return 'taking back what was made'
  if (job.cancelRequested && job.state === 'running') return 'being cancelled'
  return jobWords[job.state]
}
