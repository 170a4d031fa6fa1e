import { useEffect, useState } from 'react'
import type { DatabaseId } from '../../../shared/contract/databases.ts'
import { mostLogLines } from '../../../shared/contract/logs.ts'
import { call } from '../../lib/call.ts'
import { onLog } from '../../lib/live-logs.ts'
import { noLog, withNews, type KeptLog } from './log-lines.ts'

/** How the log is, and why it can't be followed. */
export interface FollowedLog extends KeptLog {
  readonly failure: unknown
}

/** Follows the log of a database for as long as it is on the screen; `attempt` begins anew. */
export function useLog(databaseId: DatabaseId, attempt: number): FollowedLog {
  const [log, setLog] = useState<FollowedLog>({ ...noLog, failure: null })
  useEffect(() => {
    const follower = crypto.randomUUID()
    let gone = false
    const stopListening = onLog(follower, (news) => {
      setLog((before) => ({ ...withNews(before, news), failure: null }))
    })
    setLog({ ...noLog, failure: null })
    call('logs.follow', { databaseId, follower, tail: mostLogLines }).catch((failure: unknown) => {
      if (!gone) setLog((before) => ({ ...before, failure }))
    })
    return () => {
      gone = true
      stopListening()
      void call('logs.unfollow', { follower })
    }
  }, [databaseId, attempt])
  return log
}
