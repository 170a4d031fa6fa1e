import { QuaysideError } from '../../shared/errors.ts'

// What services of several vendors say alike, in words.

/** Answers that say “not now”: timeouts, too many requests, and a server or a gateway that fails. */
const passing: ReadonlySet<number | undefined> = new Set([408, 429, 500, 502, 503, 504])

/**
 * Of an answer that no driver knows better. A driver asks when it has tried the request again for a
 * moment: what passes by itself is then for the job, which tries for minutes.
 */
export function notDone(status: number | undefined, detail: string): QuaysideError {
  if (passing.has(status))
    return new QuaysideError(
      'destination_unreachable',
      'The destination answers, but has too much to do or is out of order.',
      { hint: 'Try again later.', detail },
    )
  return new QuaysideError('destination_failed', 'The destination could not do what was asked.', {
    hint: 'Check the destination’s settings.',
    detail,
  })
}

/** Where nobody has answered. */
export function notReached(detail: string): QuaysideError {
  return new QuaysideError('destination_unreachable', 'The destination can’t be reached.', {
    hint: 'Check the network, and the endpoint where one is given, then retry.',
    detail,
  })
}

/** Of an exclusive put. */
export function nameTaken(detail: string): QuaysideError {
  return new QuaysideError('name_taken', 'Something has that name at the destination already.', {
    detail,
  })
}

export function clockWrong(detail: string): QuaysideError {
  return new QuaysideError(
    'destination_denied',
    'The destination refuses requests because this computer’s clock is wrong.',
    { hint: 'Set the clock, or let the system set it by itself, then retry.', detail },
  )
}
