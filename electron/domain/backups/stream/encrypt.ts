import { createCipheriv, randomBytes } from 'node:crypto'
import { Transform } from 'node:stream'
import { createByteQueue } from '../../../../shared/byte-queue.ts'
import {
  chunkBytes,
  nonceOf,
  objectKeys,
  prefixBytes,
  saltBytes,
  writeHeader,
  type BackupKey,
} from './cipher-format.ts'

/** Encrypts a stream as the format of `.enc` says; each with keys of its own, by its random salt. */
export function encrypt(
  key: BackupKey,
  {
    salt = randomBytes(saltBytes),
    prefix = randomBytes(prefixBytes),
  }: { salt?: Buffer; prefix?: Buffer } = {},
): Transform {
  const queue = createByteQueue()
  const chunk = Buffer.alloc(chunkBytes)
  const header = writeHeader(key, { salt, prefix })
  const { file } = objectKeys(key.bytes, salt)
  let counter = 0

  const seal = (stage: Transform, plain: Uint8Array, last: boolean): void => {
    // Two chunks under one nonce would give both away. This is past four petabytes.
    if (counter > 0xffff_ffff) throw new RangeError('too many chunks for one object')
    const cipher = createCipheriv('aes-256-gcm', file, nonceOf(prefix, counter, last))
    cipher.setAAD(header)
    counter += 1
    stage.push(cipher.update(plain))
    cipher.final()
    stage.push(cipher.getAuthTag())
  }

  return new Transform({
    construct(done) {
      this.push(header)
      done()
    },
    transform(piece: Buffer, _encoding, done) {
      try {
        queue.push(piece)
        // A full chunk stays until more comes: it may be the last, which is marked.
        while (queue.size > chunkBytes) seal(this, queue.take(chunkBytes, chunk), false)
        done()
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)))
      }
    },
    flush(done) {
      seal(this, queue.take(queue.size, chunk), true)
      done()
    },
  })
}
