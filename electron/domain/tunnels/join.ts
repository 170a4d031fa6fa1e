import type { Duplex } from 'node:stream'
import type { LoopbackClient } from '../ports.ts'

/** What belongs to a longer answer comes in packets of 16 or 32 KiB. */
const shortBytes = 4 * 1024

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
  const gather = () => {
    if (gathering) return
    gathering = true
    to.cork()
    process.nextTick(() => {
      gathering = false
      to.uncork()
    })
  }
  from.on('data', (chunk: Buffer) => {
    if (!to.writable) return
    // Packets that came in one go leave in one go; a short one goes ahead, for someone may wait for it.
    const short = chunk.length < shortBytes
    if (!short) gather()
    const more = to.write(chunk)
    if (short) gather()
    if (more) return
    from.pause()
    to.once('drain', () => from.resume())
  })
  from.once('end', () => to.end())
}
