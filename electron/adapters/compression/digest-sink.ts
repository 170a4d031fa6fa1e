import { createHash } from 'node:crypto'
import { Writable, type Duplex } from 'node:stream'
import { createByteQueue } from '../../../shared/byte-queue.ts'
import type { Digest, DigestSink } from '../../domain/ports.ts'

/** What is decompressed at once: each time has its price, and what comes over a network comes in crumbs. */
const pieceBytes = 2 ** 19

/**
 * A sink for what a decompressor takes, which counts and hashes what that gives. The memory of all that
 * goes by is used anew or given back at once. Left to the collector, it would look at everything that
 * the program holds for each few dozen megabytes: as measured, a third of the time of reading a dump.
 * @param native whether it is one of Node's, which keep nothing of what they were given or gave; others
 * may look back at both
 */
export function digestSink(decompressor: Duplex, native: boolean): DigestSink {
  const hash = createHash('sha256')
  const waiting = createByteQueue()
  const gathered = Buffer.alloc(native ? 2 * pieceBytes : 0)
  let bytes = 0
  let done: Digest | undefined
  decompressor.on('data', (piece: Buffer) => {
    bytes += piece.length
    hash.update(piece)
    if (native) giveBack(piece)
  })
  const sink = new Writable({
    highWaterMark: 2 * pieceBytes,
    write(chunk: Buffer, _encoding, next) {
      waiting.push(chunk)
      if (native && waiting.size < pieceBytes) next()
      else decompressor.write(waiting.take(waiting.size, gathered), next)
    },
    final(next) {
      decompressor.on('end', () => {
        done = { bytes, sha256: hash.digest('hex') }
        next()
      })
      decompressor.end(waiting.take(waiting.size, gathered))
    },
    destroy(error, next) {
      decompressor.destroy()
      next(error)
    },
  })
  decompressor.on('error', (error) => sink.destroy(error))
  return {
    sink,
    result() {
      if (!done) throw new Error('the stream has not ended')
      return done
    },
  }
}

/**
 * With the last piece of a memory: Node fills one to its end before it takes the next. What is small may
 * lie in the memory that all small buffers share, which is nobody's alone.
 */
function giveBack({ buffer, byteOffset, byteLength }: Buffer): void {
  const isLast = byteOffset + byteLength === buffer.byteLength
  const isShared = buffer.byteLength <= Buffer.poolSize
  if (buffer instanceof ArrayBuffer && isLast && !isShared) buffer.transfer(0)
}
