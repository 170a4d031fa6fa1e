import { createHash } from 'node:crypto'
import { Transform } from 'node:stream'
import type { Digest } from '../../ports.ts'

/** A stage that lets everything through, and knows its length and SHA-256 once it has ended. */
export interface DigestStage {
  readonly stage: Transform
  /** @throws Error before the end: a digest of a part is no digest. */
  result(): Digest
}

/** Counts and hashes what passes. */
export function digest(): DigestStage {
  const hash = createHash('sha256')
  let bytes = 0
  let done: Digest | undefined
  return {
    stage: new Transform({
      transform(chunk: Buffer, _encoding, next) {
        bytes += chunk.length
        hash.update(chunk)
        next(null, chunk)
      },
      flush(next) {
        done = { bytes, sha256: hash.digest('hex') }
        next()
      },
    }),
    result() {
      if (!done) throw new Error('the stream has not ended')
      return done
    },
  }
}
