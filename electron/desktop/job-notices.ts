import type { JobView } from '../../shared/contract/jobs.ts'
import type { Place } from '../../shared/places.ts'
import { jobEchoMs, type Current, type Notice, type Seen } from './notice.ts'

/** Work that took longer than this is told of when it is done. */
const longJobMs = 10_000
/** Jobs of backups; a restore is none of them: someone waits for it. */
const backupKinds: ReadonlySet<string> = new Set([
  'create-backup',
  'verify-backup',
  'copy-backup',
  'apply-retention',
  'test-restore',
])

/** That a job failed, or that one that took long is done. */
export function jobNotice(previous: Seen, { focused, databases }: Current, job: JobView): Notice[] {
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
