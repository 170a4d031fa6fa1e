import type { Readable, Transform, Writable } from 'node:stream'
import { QuaysideError } from '../../../../shared/errors.ts'
import type { Clock } from '../../ports.ts'

/** How often it looks within the time that is too long. */
const looks = 10

/** A part of a pipeline, and the probe that its output flows through; the last part has none. */
export interface WatchedPart {
  name: string
  stream: Readable | Writable | null
  probe: Transform | null
}

/**
 * Resolves with an error that names the part which stands still, once nothing has moved for that long;
 * and with null when the signal ends the watch. Time while the computer sleeps does not count: it
 * counts its own looks.
 */
export async function stallOf(
  parts: readonly WatchedPart[],
  moved: () => number,
  { clock, afterMs, signal }: { clock: Clock; afterMs: number; signal: AbortSignal },
): Promise<QuaysideError | null> {
  let seen = moved()
  for (let quiet = 0; quiet < looks; quiet += 1) {
    try {
      await clock.sleep(afterMs / looks, signal)
    } catch (error) {
      if (signal.aborted) return null
      throw error
    }
    if (moved() !== seen) quiet = -1
    seen = moved()
  }
  const name = standsStill(parts)
  const seconds = Math.round(afterMs / 1000)
  return new QuaysideError('stalled', `Nothing has moved for ${seconds} s: ${name} stands still.`, {
    hint: 'Check the connection and the load there, then try again.',
  })
}

/** The part farthest down that has something to do; if none has, the first one gives nothing. */
function standsStill(parts: readonly WatchedPart[]): string {
  for (let at = parts.length - 1; at > 0; at -= 1) {
    const stream = parts[at]?.stream
    const before = parts[at - 1]?.probe
    const holds = stream && 'writableLength' in stream && stream.writableLength > 0
    if (holds || (before && (before.readableLength > 0 || before.readableEnded)))
      return parts[at]?.name ?? ''
  }
  return parts[0]?.name ?? ''
}
