import type { Duplex } from 'node:stream'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Clock, Host } from '../ports.ts'

/** Between a loss that a call has noticed and the host's own word about it. */
const pauseMs = 100

/**
 * A stream to a port on the host's loopback. Waits out the loss of the host, as long as `signal`
 * allows; what waiting can't mend is thrown at once.
 */
export async function reachPort(
  { host, clock }: { host: Host; clock: Clock },
  port: number,
  signal: AbortSignal,
): Promise<Duplex> {
  for (;;) {
    try {
      return await host.forward(port, signal)
    } catch (thrown) {
      if (signal.aborted || !mayPass(host, thrown)) throw thrown
    }
    await clock.sleep(pauseMs, signal)
    host.hasten()
    await notLost(host, signal)
  }
}

function mayPass(host: Host, thrown: unknown): boolean {
  const { state } = host.status
  if (state === 'refused' || state === 'key-changed') return false
  if (state === 'lost' || state === 'connecting') return true
  return thrown instanceof QuaysideError && thrown.code === 'host_lost'
}

function notLost(host: Host, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (host.status.state !== 'lost') settle(resolve)
    }
    const settle = (done: () => void) => {
      stop()
      signal.removeEventListener('abort', onAbort)
      done()
    }
    const onAbort = () => settle(() => reject(signal.reason))
    const stop = host.onStatus(look)
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    else look()
  })
}
