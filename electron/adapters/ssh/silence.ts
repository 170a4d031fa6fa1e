import { once } from 'node:events'
import type { Duplex } from 'node:stream'

/** ssh2 asks the server for a sign of life this often; any byte counts as one. */
export const beatMs = 3_000
/** Silent for so long, a link is dead: four beats went unanswered. */
const silentMs = 12_000
/** After this computer slept or was busy: one beat more, then the verdict. */
const graceMs = 5_000
const lookEveryMs = 1_000

export interface Silence {
  /** Resolves with the next byte that is heard; rejects with the signal's reason. */
  heard(signal: AbortSignal): Promise<void>
  stop(): void
}

/**
 * Watches a link for silence. ssh2's own count of unanswered beats is not used: it ignores data that
 * arrives meanwhile, and takes a slow link that is full of data for a dead one.
 */
export function watchSilence(socket: Duplex, onSilent: () => void): Silence {
  let heardAt = performance.now()
  let lookedAt = heardAt
  let allowed = silentMs

  const hear = () => {
    heardAt = performance.now()
    allowed = silentMs
  }
  socket.on('data', hear)

  const timer = setInterval(() => {
    const now = performance.now()
    const late = now - lookedAt > 3 * lookEveryMs
    lookedAt = now
    if (late) allowed = now - heardAt + graceMs
    else if (now - heardAt > allowed) {
      stop()
      onSilent()
    }
  }, lookEveryMs)

  const stop = () => {
    clearInterval(timer)
    socket.off('data', hear)
  }
  const heard = async (signal: AbortSignal) => void (await once(socket, 'data', { signal }))
  return { heard, stop }
}
