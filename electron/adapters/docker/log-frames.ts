import { Transform, type TransformCallback } from 'node:stream'

/** Docker's header before each piece of a container's output: stream, three zeros, length. */
const headerBytes = 8

/**
 * Takes Docker's multiplexed output apart and gives on what both streams said, in order
 * (https://docs.docker.com/reference/api/engine/, ContainerAttach, "Stream format"). It fails on a bad
 * header and on a frame that breaks off: what was meant is never guessed. Waits for slow readers.
 */
export function logFrames(): Transform {
  let header = Buffer.alloc(0)
  let left = 0

  const take = (chunk: Buffer, give: (piece: Buffer) => void): void => {
    for (let at = 0; at < chunk.length;) {
      if (left > 0) {
        const piece = chunk.subarray(at, at + left)
        left -= piece.length
        at += piece.length
        give(piece)
        continue
      }
      const piece = chunk.subarray(at, at + headerBytes - header.length)
      header = Buffer.concat([header, piece])
      at += piece.length
      if (header.length < headerBytes) return
      left = lengthIn(header)
      header = Buffer.alloc(0)
    }
  }

  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      try {
        take(chunk, (piece) => this.push(piece))
        done()
      } catch (thrown) {
        done(thrown instanceof Error ? thrown : new Error(String(thrown)))
      }
    },
    flush(done) {
      const broken = left > 0 || header.length > 0
      done(broken ? new Error('the container’s output breaks off within a frame') : null)
    },
  })
}

function lengthIn(header: Buffer): number {
  const [kind = 3, ...zeros] = header.subarray(0, 4)
  if (kind > 2 || zeros.some((zero) => zero !== 0)) {
    throw new Error('the container’s output has a bad frame')
  }
  return header.readUInt32BE(4)
}
