import { Transform, type TransformCallback } from 'node:stream'

/** Docker's header before each piece of a container's output: stream, three zeros, length. */
const headerBytes = 8

/** Reads frames from bytes that are split anywhere. */
export interface FrameReader {
  /** @throws where a header is none */
  take(chunk: Buffer): void
  /** @throws where the bytes so far break off within a frame */
  end(): void
}

/**
 * Takes Docker's multiplexed output apart
 * (https://docs.docker.com/reference/api/engine/, ContainerAttach, "Stream format"). It fails on a bad
 * header and on a frame that breaks off: what was meant is never guessed.
 *
 * @param give gets each piece, the stream it came on (1 for output, 2 for error output), and whether a
 *   frame begins with it
 */
export function readFrames(
  give: (piece: Buffer, stream: number, begins: boolean) => void,
): FrameReader {
  let header = Buffer.alloc(0)
  let left = 0
  let stream = 0
  let begins = true
  return {
    take(chunk) {
      for (let at = 0; at < chunk.length;) {
        if (left > 0) {
          const piece = chunk.subarray(at, at + left)
          left -= piece.length
          at += piece.length
          give(piece, stream, begins)
          begins = false
          continue
        }
        const piece = chunk.subarray(at, at + headerBytes - header.length)
        header = Buffer.concat([header, piece])
        at += piece.length
        if (header.length < headerBytes) return
        left = lengthIn(header)
        stream = header[0] ?? 0
        begins = true
        header = Buffer.alloc(0)
      }
    },
    end() {
      const broken = left > 0 || header.length > 0
      if (broken) throw new Error('the container’s output breaks off within a frame')
    },
  }
}

/** What both streams said, in order. Waits for slow readers. */
export function logFrames(): Transform {
  const frames = readFrames((piece) => output.push(piece))
  const output = new Transform({
    transform: (chunk: Buffer, _encoding, done) => attempt(() => frames.take(chunk), done),
    flush: (done) => attempt(() => frames.end(), done),
  })
  return output
}

/** Does the work of a stage of a stream; what it throws fails the stream. */
export function attempt(work: () => void, done: TransformCallback): void {
  try {
    work()
  } catch (thrown) {
    done(thrown instanceof Error ? thrown : new Error(String(thrown)))
    return
  }
  done()
}

function lengthIn(header: Buffer): number {
  const [kind = 3, ...zeros] = header.subarray(0, 4)
  if (kind > 2 || zeros.some((zero) => zero !== 0)) {
    throw new Error('the container’s output has a bad frame')
  }
  return header.readUInt32BE(4)
}
