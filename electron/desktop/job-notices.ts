import type { JobView } from '../../shared/contract/jobs.ts'
import type { Place } from '../../shared/places.ts'
import { jobTitle } from './full-name.ts'
import { jobEchoMs, type Current, type Notice, type Seen } from './notice.ts'

/** Work that took longer than this is told of when it is done. */
const longJobMs = 10_000
/**
 * That a job failed, or that one that took long is done, where a person began it: each night has its
 * backups. While the window is before the user's eyes, it tells of failures by itself.
 */
export function jobNotice(previous: Seen, { focused, databases }: Current, job: JobView): Notice[] {
  const { id, state, startedAt, endedAt, error, databaseId, byItself } = job
  if (endedAt === null || focused || previous.ended.get(id) === endedAt) return []
  // One that comes into the list late, as when another is taken off it, is no news.
  if (endedAt < previous.at - jobEchoMs) return []
  const place: Place = { kind: 'job', id }
  if (state === 'failed') {
    return [{ title: `${jobTitle(job)} failed`, body: error?.message ?? '', place }]
  }
  if (byItself || state !== 'done' || endedAt - (startedAt ?? endedAt) < longJobMs) return []
  const database = databases.find((each) => each.id === databaseId && each.status !== 'trash')
  return [
    {
      title: `${jobTitle(job)} is done`,
      body: `It took ${Math.round((endedAt - (startedAt ?? endedAt)) / 1000)} s.`,
      place: database === undefined ? place : { kind: 'database', id: database.id },
    },
  ]
}
