import { connect } from 'node:net'

/** What does not answer within it is kept out on the way, milliseconds. */
const answerMs = 1_500

/**
 * Tries to connect from this computer, once; nothing is sent. A refusal is `closed`, silence and an
 * address that leads nowhere are `filtered`. Rejects on abort alone.
 */
export function probePort(
  { address, port }: { address: string; port: number },
  signal: AbortSignal,
): Promise<'open' | 'closed' | 'filtered'> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const socket = connect({ host: address, port, timeout: answerMs })
    const aborted = (): void => {
      socket.destroy()
      reject(signal.reason)
    }
    const end = (answer: 'open' | 'closed' | 'filtered'): void => {
      signal.removeEventListener('abort', aborted)
      socket.destroy()
      resolve(answer)
    }
    signal.addEventListener('abort', aborted, { once: true })
    socket.once('connect', () => end('open'))
    socket.once('timeout', () => end('filtered'))
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end(error.code === 'ECONNREFUSED' ? 'closed' : 'filtered'),
    )
  })
}
