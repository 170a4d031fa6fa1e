import type { Channel, ClientChannel } from 'ssh2'

/**
 * ssh2 lets the other side send 2 MiB ahead of what was read: 35 MB/s where the way there and back
 * takes 50 ms. This tops it up to more as it is read. It reaches into ssh2, which has no setting for
 * it; where that looks different one day, nothing happens but that far hosts are slower.
 *
 * @returns call it after each piece that was read
 */
export function widener(channel: Channel | ClientChannel, windowBytes: number): () => void {
  const incoming = objectIn(channel, 'incoming')
  const outgoing = objectIn(channel, 'outgoing')
  const protocol = objectIn(objectIn(channel, '_client'), '_protocol')
  const adjust: unknown = protocol && Reflect.get(protocol, 'channelWindowAdjust')
  const id: unknown = outgoing && Reflect.get(outgoing, 'id')
  if (incoming === null || outgoing === null || typeof adjust !== 'function') return () => undefined

  return () => {
    const open: unknown = Reflect.get(incoming, 'window')
    if (typeof open !== 'number' || Reflect.get(outgoing, 'state') !== 'open') return
    // What came and was not read yet counts as well, or a slow reader would gather ever more.
    const more = windowBytes - open - channel.readableLength
    if (more < windowBytes / 4) return
    Reflect.set(incoming, 'window', open + more)
    Reflect.apply(adjust, protocol, [id, more])
  }
}

function objectIn(holder: object | null, name: string): object | null {
  const found: unknown = holder && Reflect.get(holder, name)
  return typeof found === 'object' ? found : null
}
