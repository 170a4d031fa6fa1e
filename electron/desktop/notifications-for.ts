import type { DatabaseView } from '../../shared/contract/databases.ts'
import type { JobId } from '../../shared/contract/jobs.ts'
import { backupNotices, seeBackups } from './backup-notices.ts'
import { brokenNotices, databaseWaits, seeDatabase, type Broken } from './database-notices.ts'
import { hostNotice, hostWaits, seeHost } from './host-notices.ts'
import { jobNotice } from './job-notices.ts'
import { updateNotice } from './update-notices.ts'
import type { Current, Notice, Seen } from './notice.ts'

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
  const { update } = current.app
  const seen: Seen = { at: now, hosts, databases, ended, ...seeBackups(current.freshness), update }
  const waits = [...hosts.values()].some(hostWaits) || [...databases.values()].some(databaseWaits)
  if (previous === null) return { notices: [], seen, waits }
  const broken = (kind: Broken): DatabaseView[] =>
    looked.flatMap(({ database, news }) => (news === kind ? [database] : []))
  const notices = [
    ...current.hosts.flatMap((host) => hostNotice(previous, seen, current, host)),
    ...brokenNotices('failed', broken('failed')),
    ...brokenNotices('attention', broken('attention')),
    ...current.jobs.flatMap((job) => jobNotice(previous, current, job)),
    ...backupNotices(previous, current),
    ...updateNotice(previous.update, update),
  ]
  return { notices, seen, waits }
}
