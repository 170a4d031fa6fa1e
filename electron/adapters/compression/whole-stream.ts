import { Duplex } from 'node:stream'
import type { Gunzip, ZstdCompress, ZstdDecompress } from 'node:zlib'
import type { Codec } from '../../../shared/backup-manifest.ts'
import { damagedData } from './damaged.ts'

/**
 * A decompressor of node:zlib that minds the end. By itself it ignores what follows: zeros behind gzip
 * data, and anything behind the first frame of zstd. Another frame of zstd may follow, as some tools
 * write several; anything else that it was given and did not use is damage.
 * @throws QuaysideError `backup_damaged` for a cut, a wrong checksum and anything behind the end
 */
export function wholeStream(codec: Codec, open: () => Gunzip | ZstdDecompress): Duplex {
  let given = 0
  let last: { chunk: Buffer; done: Done } | undefined
  let wanted = false
  let inner = start()

  const outer: Duplex = new Duplex({
    write(chunk: Buffer, _encoding, done) {
      given += chunk.length
      feed(chunk, done)
    },
    final(done) {
      inner.end(done)
    },
    read() {
      wanted = true
      give()
    },
    destroy(error, done) {
      inner.destroy()
      done(error)
    },
  })

  function give(): void {
    while (wanted) {
      const piece = inner.read() as Buffer | null
      if (piece === null) return
      wanted = outer.push(piece)
    }
  }

  function start(): Gunzip | ZstdDecompress {
    const opened = open()
    opened.on('readable', give)
    opened.on('end', () => frameEnded(opened.bytesWritten))
    opened.on('error', (error) => outer.destroy(damagedData(codec, error)))
    return opened
  }

  function feed(chunk: Buffer, done: Done): void {
    const taker = inner
    last = { chunk, done }
    // One that has left something of a chunk is done with it only when it is thrown away.
    taker.write(chunk, (error) => {
      if (taker === inner) done(error)
    })
  }

  function frameEnded(used: number): void {
    const unused = given - used
    if (unused === 0) {
      outer.push(null)
    } else if (codec === 'zstd' && used > 0 && last !== undefined && unused <= last.chunk.length) {
      given = unused
      inner = start()
      feed(last.chunk.subarray(-unused), last.done)
    } else {
      outer.destroy(damagedData(codec, `${unused} bytes behind the end`))
    }
  }

  return outer
}

type Done = (error?: Error | null) => void

/**
 * A compressor for zstd that writes one frame. One that is ended while a piece waits before it adds an
 * empty frame, which is no damage, and yet takes readers by surprise that read only the first.
 */
export function oneFrame(inner: ZstdCompress): Duplex {
  const outer: Duplex = new Duplex({
    write(chunk: Buffer, _encoding, done) {
      inner.write(chunk, done)
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
  inner.on('end', () => outer.push(null))
  inner.on('error', (error) => outer.destroy(error))
  return outer
}
