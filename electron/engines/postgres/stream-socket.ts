import type { Duplex } from 'node:stream'

/**
 * The stream as pg wants it: a socket that is told to connect and says when it is. The stream leads
 * to the server already, so connecting is only a word.
 * https://github.com/brianc/node-postgres/issues/2896 (a stream without these methods is refused)
 *
 * pg listens for 'close' only. A stream that may stay half open is closed when the server has ended
 * its half: else a login to a server that hangs up would wait for its time limit.
 */
export function asSocket(stream: Duplex): Duplex {
  stream.once('end', () => stream.destroy())
  const methods = {
    connect: () => {
      queueMicrotask(() => stream.emit('connect'))
      return stream
    },
    setNoDelay: () => stream,
    setKeepAlive: () => stream,
    ref: () => stream,
    unref: () => stream,
  }
  return Object.assign(stream, methods)
}
