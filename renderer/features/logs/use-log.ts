import { useDocumentVisibility } from '@mantine/hooks'
import { useEffect, useRef, useState } from 'react'
import type { DatabaseId } from '../../../shared/contract/databases.ts'
import { mostLogLines } from '../../../shared/contract/logs.ts'
import { call } from '../../lib/call.ts'
import { onLog } from '../../lib/live-logs.ts'
import { goingOn, noLog, withNews, type KeptLog } from './log-lines.ts'

/** How the log is, and why it can't be followed. */
export interface FollowedLog extends KeptLog {
  readonly failure: unknown
}

/**
 * Follows the log of a database for as long as it is on the screen, and somebody can see that;
 * `attempt` begins anew.
 */
export function useLog(databaseId: DatabaseId, attempt: number): FollowedLog {
  const [log, setLog] = useState<FollowedLog>({ ...noLog, failure: null })
  const hidden = useDocumentVisibility() === 'hidden'
  const kept = useRef({ of: '', log: noLog })
  useEffect(() => {
    const of = `${databaseId} ${attempt}`
    if (kept.current.of !== of) {
      kept.current = { of, log: noLog }
      setLog({ ...noLog, failure: null })
    }
    // Nobody reads it meanwhile; what came is there when the window is.
    if (hidden) return undefined
    const follower = crypto.randomUUID()
    let gone = false
    const onward = goingOn(kept.current.log)
    const stopListening = onLog(follower, (news) => {
      kept.current.log = withNews(kept.current.log, onward(news))
      setLog({ ...kept.current.log, failure: null })
    })
    const since = kept.current.log.lines.at(-1)?.at ?? null
    call('logs.follow', { databaseId, follower, tail: mostLogLines, since }).catch(
      (failure: unknown) => {
        if (!gone) setLog((before) => ({ ...before, failure }))
      },
    )
    return () => {
      gone = true
      stopListening()
      void call('logs.unfollow', { follower })
    }
  }, [databaseId, attempt, hidden])
  return log
}
