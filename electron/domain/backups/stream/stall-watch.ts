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
  /** How long it may stand still where it has something to do, milliseconds; as the others where left out. */
  patienceMs?: number | undefined
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
  let quietMs = 0
  let still: WatchedPart | undefined
  do {
    try {
      await clock.sleep(afterMs / looks, signal)
    } catch (error) {
      if (signal.aborted) return null
      throw error
    }
    quietMs = moved() === seen ? quietMs + afterMs / looks : 0
    seen = moved()
    still = standsStill(parts)
  } while (quietMs < (still?.patienceMs ?? afterMs))
  const name = still?.name ?? ''
  const seconds = Math.round(quietMs / 1000)
  return new QuaysideError('stalled', `Nothing has moved for ${seconds} s: ${name} stands still.`, {
    hint: 'Check the connection and the load there, then try again.',
  })
}

/** The part farthest down that has something to do; if none has, the first one gives nothing. */
function standsStill(parts: readonly WatchedPart[]): WatchedPart | undefined {
  for (let at = parts.length - 1; at > 0; at -= 1) {
    const stream = parts[at]?.stream
    const before = parts[at - 1]?.probe
    const holds = stream && 'writableLength' in stream && stream.writableLength > 0
    if (holds || (before && (before.readableLength > 0 || before.readableEnded))) return parts[at]
  }
  return parts[0]
}
