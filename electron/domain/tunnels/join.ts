import type { Duplex } from 'node:stream'
import type { LoopbackClient } from '../ports.ts'

/**
 * Joins a client and the stream to its database until both halves have ended. Each half ends by
 * itself, and waits where its reader is slow. What is lost on the way breaks the client off: an end
 * of its stream always means that the database ended it.
 */
export function join(client: LoopbackClient, remote: Duplex): void {
  const { stream } = client
  if (stream.destroyed) {
    remote.destroy()
    return
  }
  flow(stream, remote)
  flow(remote, stream)
  remote.once('error', () => client.reset())
  remote.once('close', () => {
    // The database is gone; what it has sent still goes to the client, and nothing else comes.
    if (remote.readableEnded) client.end()
    else client.reset()
  })
  stream.once('close', () => remote.destroy())
}

function flow(from: Duplex, to: Duplex): void {
  let gathering = false
  from.on('data', (chunk: Buffer) => {
    if (!to.writable) return
    // Packets that came in one go leave in one go.
    if (!gathering) {
      gathering = true
      to.cork()
      process.nextTick(() => {
        gathering = false
        to.uncork()
      })
    }
    if (to.write(chunk)) return
    from.pause()
    to.once('drain', () => from.resume())
  })
  from.once('end', () => to.end())
}
