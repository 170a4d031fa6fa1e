import { QuaysideError } from '../../shared/errors.ts'

/** Answers that say “not now”: timeouts, too many requests, and a server or a gateway that fails. */
const passing: ReadonlySet<number | undefined> = new Set([408, 429, 500, 502, 503, 504])

/**
 * What an answer of that status means where it passes by itself, else null. A driver asks when it has
 * tried the request again for a moment: what is left is for the job, which tries for minutes.
 */
export function outOfOrder(
  status: number | undefined,
  detail: string | undefined,
): QuaysideError | null {
  if (!passing.has(status)) return null
  return new QuaysideError(
    'destination_unreachable',
    'The destination answers, but has too much to do or is out of order.',
    { hint: 'Try again later.', detail },
  )
}
