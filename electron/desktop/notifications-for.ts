import type { DatabaseView } from '../../shared/contract/databases.ts'
import type { JobId } from '../../shared/contract/jobs.ts'
import { brokenNotices, databaseWaits, seeDatabase, type Broken } from './database-notices.ts'
import { hostNotice, hostWaits, seeHost } from './host-notices.ts'
import { jobNotice } from './job-notices.ts'
import { atPlaces, fullName } from './full-name.ts'
import { updateNotice } from './update-notices.ts'
import { fewFailures, type Current, type Notice, type Seen } from './notice.ts'

/** What a look comes to. */
export interface News {
  readonly notices: readonly Notice[]
  readonly seen: Seen
  /** True where time alone can make more news of what there is. */
  readonly waits: boolean
}

/**
 * What is news since the last look: work that is done or failed, hosts and databases that broke or
 * came back. Nothing at the start, one notice for a lost host however many databases it has, and
 * none for what the user watches in the window.
 */
export function notificationsFor(previous: Seen | null, current: Current, now: number): News {
  const hosts = new Map(current.hosts.map((host) => [host.id, seeHost(previous, host, now)]))
  const looked = current.databases.map((database) => ({
    database,
    ...seeDatabase(previous, current, database, now),
  }))
  const databases = new Map(looked.map(({ database, seen }) => [database.id, seen]))
  const ended = new Map<JobId, number>()
  for (const { id, endedAt } of current.jobs) if (endedAt !== null) ended.set(id, endedAt)
  const late = new Map(
    current.freshness.map((each) => [
      each.databaseId,
      new Set<string>(each.late.map(({ destinationId }) => destinationId)),
    ]),
  )
  const { update } = current.app
  const seen: Seen = { at: now, hosts, databases, ended, late, update }
  const waits = [...hosts.values()].some(hostWaits) || [...databases.values()].some(databaseWaits)
  if (previous === null) return { notices: [], seen, waits }
  const broken = (kind: Broken): DatabaseView[] =>
    looked.flatMap(({ database, news }) => (news === kind ? [database] : []))
  const notices = [
    ...current.hosts.flatMap((host) => hostNotice(previous, seen, current, host)),
    ...brokenNotices('failed', broken('failed')),
    ...brokenNotices('attention', broken('attention')),
    ...current.jobs.flatMap((job) => jobNotice(previous, current, job)),
    ...lateNotices(previous, current),
    ...updateNotice(previous.update, update),
  ]
  return { notices, seen, waits }
}

/** One notice each while they are few; else one for all. */
function lateNotices(previous: Seen, { databases, freshness }: Current): Notice[] {
  const byId = new Map(databases.map((database) => [database.id, database]))
  const own = freshness.flatMap(({ databaseId, late: all }) => {
    const database = byId.get(databaseId)
    const known = previous.late.get(databaseId)
    const late = all.filter(({ destinationId }) => known?.has(destinationId) !== true)
    return database === undefined || late.length === 0 ? [] : [{ ...database, late }]
  })
  if (own.length > fewFailures) {
    const body = own.map(fullName).join(', ')
    return [
      { title: `Backups of ${own.length} databases are late`, body, place: { kind: 'backups' } },
    ]
  }
  return own.map(({ late, ...database }): Notice => ({
    title: `The backup of ${fullName(database)}${atPlaces(late)} is late`,
    body: 'It was due more than an hour ago, and there is none yet.',
    place: { kind: 'backups', id: database.id },
  }))
}
