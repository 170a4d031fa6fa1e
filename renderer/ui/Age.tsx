import { memo } from 'react'
import {
  formatAge,
  formatDate,
  formatDuration,
  formatExact,
  formatLeft,
  formatSpan,
} from '../lib/format.ts'
import { useNow } from '../lib/now.ts'

/** How long ago something was; the exact time with its zone on hover. */
export function Age({ at }: { at: number }) {
  const now = useNow()
  return <Moment at={at}>{formatAge(at, now)}</Moment>
}

/** How long something lasts already, in one unit: `since 2 min`. */
export function Since({ at }: { at: number }) {
  const now = useNow()
  return <Moment at={at}>{formatSpan(now - at)}</Moment>
}

/** How long something runs, to the second while it is short. */
export function Elapsed({ from, to }: { from: number; to: number | null }) {
  const now = useNow('second')
  return <Moment at={from}>{formatDuration((to ?? Math.max(now, from)) - from)}</Moment>
}

/** Counts down to a moment: `18 s`. */
export function Until({ at }: { at: number }) {
  const now = useNow('second')
  return <Moment at={at}>{formatLeft(at - now)}</Moment>
}

/** The day of a moment to come or past: `28 Nov`. */
export function Day({ at }: { at: number }) {
  const now = useNow()
  return <Moment at={at}>{formatDate(at, now)}</Moment>
}

/** Text that stands for a moment, with the exact time on hover: drawn anew when the text changes. */
export const Moment = memo(function Moment({ at, children }: { at: number; children: string }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={formatExact(at)}>
      {children}
    </time>
  )
})
