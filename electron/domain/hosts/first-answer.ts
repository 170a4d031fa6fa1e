import type { Host } from '../ports.ts'

/** A host that has given no sign of life in this time holds nobody up any longer, milliseconds. */
const silenceMs = 1_500
/** One that has may be far away, or slow: so long it is waited for in all, milliseconds. */
const patienceMs = 10_000

/**
 * Waits until the host is ready or its trouble is known; its status says which. A host that is silent
 * is given up soon, and is still "connecting" then.
 */
export async function firstAnswer(host: Host, signal: AbortSignal | undefined): Promise<void> {
  if (host.status.state !== 'connecting') return
  const spoke = (): boolean => {
    const { lastSeen, since } = host.status
    return lastSeen !== null && lastSeen >= since
  }
  await new Promise<void>((resolve) => {
    const stop = (): void => {
      clearTimeout(silence)
      clearTimeout(patience)
      unsubscribe()
      signal?.removeEventListener('abort', stop)
      resolve()
    }
    const unsubscribe = host.onStatus(({ state }) => {
      if (state !== 'connecting') stop()
    })
    const silence = setTimeout(() => {
      if (!spoke()) stop()
    }, silenceMs)
    const patience = setTimeout(stop, patienceMs)
    signal?.addEventListener('abort', stop)
    if (signal?.aborted === true) stop()
  })
}
