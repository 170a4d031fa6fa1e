import type { DatabaseId, DatabaseView } from '../../shared/contract/databases.ts'
import type { HostId, HostView } from '../../shared/contract/hosts.ts'
import type { JobId, JobView } from '../../shared/contract/jobs.ts'
import type { Place } from '../../shared/places.ts'
import { answers, type Overview } from './overview.ts'

/** One desktop notification. */
export interface Notice {
  readonly title: string
  readonly body: string
  /** Where a click on it leads. */
  readonly place: Place
}

/** What there is now, as far as it can be news. */
export type Current = Pick<Overview, 'hosts' | 'databases' | 'jobs' | 'freshness'> & {
  /** The user has the window before them. */
  readonly focused: boolean
}

/** What is remembered from look to look. */
export interface Seen {
  readonly at: number
  readonly hosts: ReadonlyMap<HostId, SeenHost>
  readonly databases: ReadonlyMap<DatabaseId, SeenDatabase>
  /** When each job that has ended did so. */
  readonly ended: ReadonlyMap<JobId, number>
  /** Databases whose backup is late. */
  readonly late: ReadonlySet<DatabaseId>
}

interface SeenHost {
  readonly state: HostView['status']['state']
  /** It has answered since the app runs: only then its silence is news. */
  readonly answered: boolean
  readonly lostSince: number | null
  /** Its loss was told; so will be its return. */
  readonly told: boolean
}

interface SeenDatabase {
  /** The last one that was known. */
  readonly status: DatabaseView['status'] | null
  /** When its failure was told last. */
  readonly told: number | null
}

/** A host that is away for less than this is not worth a word. */
const lostMs = 30_000
/** Looks lie at most ten seconds apart while a host is away; after more, the computer has slept. */
const sleptMs = 60_000
/** Work that took longer than this is told of when it is done. */
const longJobMs = 10_000
/** What becomes of a database within this time of a job that failed on it is that job's doing. */
const jobEchoMs = 15_000
/** After one that is done, the host may still tell of what was on the way. */
const doneEchoMs = 2_000
/** One that fails again and again is told of once in this time. */
const againMs = 10 * 60_000
/** Jobs of backups; a restore is none of them: someone waits for it. */
const backupKinds: ReadonlySet<string> = new Set([
  'create-backup',
  'verify-backup',
  'copy-backup',
  'apply-retention',
  'test-restore',
])
/** More failures at once than this are one piece of news. */
const fewFailures = 2

/**
 * What is news since the last look: work that is done or failed, hosts and databases that broke or
 * came back. Nothing at the start, one notice for a lost host however many databases it has, and
 * none for what the user watches in the window.
 */
export function notificationsFor(
  previous: Seen | null,
  current: Current,
  now: number,
): { notices: Notice[]; seen: Seen } {
  const hosts = new Map(
    current.hosts.map((host) => [
      host.id,
      seeHost(previous, previous?.hosts.get(host.id), host, now),
    ]),
  )
  const failed = current.databases.filter((database) => isFailure(previous, current, database, now))
  const ended = new Map<JobId, number>()
  for (const { id, endedAt } of current.jobs) if (endedAt !== null) ended.set(id, endedAt)
  const databases = new Map(
    current.databases.map((database): [DatabaseId, SeenDatabase] => {
      const before = previous?.databases.get(database.id)
      const known = database.status === 'unknown' ? (before?.status ?? null) : database.status
      const told = failed.includes(database) ? now : (before?.told ?? null)
      return [database.id, { status: known, told }]
    }),
  )
  const late = new Set(current.freshness.flatMap((each) => (each.late ? [each.databaseId] : [])))
  const seen: Seen = { at: now, hosts, databases, ended, late }
  if (previous === null) return { notices: [], seen }
  const notices = [
    ...current.hosts.flatMap((host) => hostNotice(previous, seen, current, host)),
    ...failureNotices(failed),
    ...current.jobs.flatMap((job) => jobNotice(previous, current, job)),
    ...lateNotices(
      current,
      [...late].filter((id) => !previous.late.has(id)),
    ),
  ]
  return { notices, seen }
}

function seeHost(
  previous: Seen | null,
  before: SeenHost | undefined,
  { status: { state } }: HostView,
  now: number,
): SeenHost {
  if (answers(state)) return { state, answered: true, lostSince: null, told: false }
  const slept = previous !== null && now - previous.at > sleptMs
  // Each try to reach a lost host makes it "connecting" for a moment: it is lost all the while.
  const lost = state === 'lost' || (state === 'connecting' && typeof before?.lostSince === 'number')
  const lostSince = lost ? (slept ? now : (before?.lostSince ?? now)) : null
  const answered = before?.answered === true
  const told = before?.told === true || (answered && lost && now - (lostSince ?? now) >= lostMs)
  return { state, answered, lostSince, told }
}

function hostNotice(previous: Seen, seen: Seen, current: Current, host: HostView): Notice[] {
  const before = previous.hosts.get(host.id)
  const after = seen.hosts.get(host.id)
  if (before === undefined || after === undefined) return []
  const { id, name, status } = host
  const place: Place = { kind: 'host', id }
  const notice = (title: string, body: string): Notice[] => [{ title, body, place }]
  if (after.told && !before.told) {
    const count = current.databases.filter(({ hostId }) => hostId === id).length
    return notice(`${name} does not answer`, `${unknown(count)} Quayside keeps trying.`)
  }
  if (before.told && answers(after.state)) return notice(`${name} is back`, 'It answers again.')
  const turned = before.state !== after.state && before.answered
  if (turned && (status.state === 'refused' || status.state === 'key-changed')) {
    const title = status.state === 'refused' ? `${name} needs you` : `${name} has another host key`
    return notice(title, status.error?.message ?? 'Quayside waits for you.')
  }
  return []
}

function unknown(count: number): string {
  if (count === 0) return ''
  return count === 1
    ? 'Its database is unknown until it does.'
    : `Its ${count} databases are unknown until it does.`
}

function isFailure(previous: Seen | null, current: Current, database: DatabaseView, now: number) {
  const before = previous?.databases.get(database.id)
  if (database.status !== 'failed' || database.jobId !== null) return false
  if (before === undefined || before.status === null || before.status === 'failed') return false
  if (before.told !== null && now - before.told < againMs) return false
  return !current.jobs.some(({ databaseId, endedAt, state }) => {
    const echoMs = state === 'done' ? doneEchoMs : jobEchoMs
    return databaseId === database.id && endedAt !== null && now - endedAt < echoMs
  })
}

/** One notice each while they are few; else one for each host. */
function failureNotices(failed: readonly DatabaseView[]): Notice[] {
  const byHost = new Map<HostId, DatabaseView[]>()
  for (const each of failed) byHost.set(each.hostId, [...(byHost.get(each.hostId) ?? []), each])
  return [...byHost.values()].flatMap((own) => {
    if (own.length > fewFailures) return own.slice(0, 1).map((first) => manyFailed(own, first))
    return own.map(({ id, name, hostName, reason }): Notice => {
      const body = reason ?? 'Quayside shows what its host tells of it.'
      return { title: `${name} on ${hostName} failed`, body, place: { kind: 'database', id } }
    })
  })
}

function manyFailed(own: readonly DatabaseView[], { hostId, hostName }: DatabaseView): Notice {
  return {
    title: `${own.length} databases on ${hostName} failed`,
    body: own.map(({ name }) => name).join(', '),
    place: { kind: 'host', id: hostId },
  }
}

function jobNotice(previous: Seen, { focused, databases }: Current, job: JobView): Notice[] {
  const { id, title, state, startedAt, endedAt, hostName, error, databaseId } = job
  if (endedAt === null || focused || previous.ended.get(id) === endedAt) return []
  // One that comes into the list late, as when another is taken off it, is no news.
  if (endedAt < previous.at - jobEchoMs) return []
  const where = hostName === null ? '' : ` on ${hostName}`
  const place: Place = { kind: 'job', id }
  if (state === 'failed') {
    return [{ title: `${title}${where} failed`, body: error?.message ?? '', place }]
  }
  // Each night has its backups: only one that comes to nothing is news.
  if (backupKinds.has(job.kind)) return []
  if (state !== 'done' || endedAt - (startedAt ?? endedAt) < longJobMs) return []
  const database = databases.find((each) => each.id === databaseId && each.status !== 'trash')
  return [
    {
      title: `${title}${where} is done`,
      body: `It took ${Math.round((endedAt - (startedAt ?? endedAt)) / 1000)} s.`,
      place: database === undefined ? place : { kind: 'database', id: database.id },
    },
  ]
}

/** One notice each while they are few; else one for all. */
function lateNotices({ databases }: Current, late: readonly DatabaseId[]): Notice[] {
  const own = databases.filter(({ id }) => late.includes(id))
  if (own.length > fewFailures) {
    const body = own.map(({ name }) => name).join(', ')
    return [
      { title: `Backups of ${own.length} databases are late`, body, place: { kind: 'databases' } },
    ]
  }
  return own.map(({ id, name }): Notice => ({
    title: `The backup of ${name} is late`,
    body: 'It was due more than an hour ago, and there is none yet.',
    place: { kind: 'database', id },
  }))
}
