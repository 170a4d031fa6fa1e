import type { Duplex } from 'node:stream'
import { setImmediate as breathe } from 'node:timers/promises'
import type { Decompress } from 'fzstd'
import { expandingStream } from './expanding-stream.ts'

/** Small, since a few bytes may become megabytes before anything can hold them back. */
const pieceBytes = 4096
const piecesPerTurn = 16

/**
 * Decompresses zstd where Node has none (before 22.15), in JavaScript and on the event loop, with room
 * for other work in between. It finds cuts and broken structure; a changed byte that still decodes is
 * left to the SHA-256 behind it, as this library does not check zstd's own checksum.
 * @throws QuaysideError `backup_damaged`
 */
export function scriptZstdDecompress(): Duplex {
  let stream: Decompress | undefined
  let out: Uint8Array[] = []
  const given = (): Uint8Array[] => {
    const pieces = out
    out = []
    return pieces
  }
  return expandingStream('zstd', {
    async *feed(chunk) {
      stream ??= new (await import('fzstd')).Decompress((piece) => out.push(piece))
      for (let at = 0, turn = 1; at < chunk.length; at += pieceBytes, turn += 1) {
        stream.push(chunk.subarray(at, at + pieceBytes), false)
        yield* given()
        if (turn % piecesPerTurn === 0) await breathe()
      }
    },
    end() {
      if (!stream) throw new Error('there is no data')
      stream.push(new Uint8Array(0), true)
      return given()
    },
  })
}
