import { Duplex } from 'node:stream'
import type { Gunzip, ZstdDecompress } from 'node:zlib'
import type { Codec } from '../../../shared/backup-manifest.ts'
import { damagedData } from './damaged.ts'

/**
 * A decompressor of node:zlib that minds the end. By itself it ignores what follows: zeros behind gzip
 * data, and anything behind the first frame of zstd. What it was given and what it used must agree.
 * @throws QuaysideError `backup_damaged` for a cut, a wrong checksum and anything behind the end
 */
export function wholeStream(codec: Codec, inner: Gunzip | ZstdDecompress): Duplex {
  let given = 0
  const outer: Duplex = new Duplex({
    write(chunk: Buffer, encoding, done) {
      given += chunk.length
      inner.write(chunk, encoding, done)
    },
    final(done) {
      inner.end(done)
    },
    read() {
      inner.resume()
    },
    destroy(error, done) {
      inner.destroy()
      done(error)
    },
  })
  inner.on('data', (chunk: Buffer) => {
    if (!outer.push(chunk)) inner.pause()
  })
  inner.on('end', () => {
    if (inner.bytesWritten === given) outer.push(null)
    else outer.destroy(damagedData(codec, `${given - inner.bytesWritten} bytes behind the end`))
  })
  inner.on('error', (error) => outer.destroy(damagedData(codec, error)))
  return outer
}
