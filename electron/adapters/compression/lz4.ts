import { Transform, type Duplex } from 'node:stream'
import type * as Lz4 from 'lz4-napi'
import { createByteQueue } from '../../../shared/byte-queue.ts'
import { expandingStream } from './expanding-stream.ts'
import { takeFrame } from './lz4-frame.ts'

// Loaded at first use: it is a binary. It works on whole buffers, in Node's thread pool.
const load = (): Promise<typeof Lz4> => import('lz4-napi')

/** What each frame holds, in plain bytes. */
const frameBytes = 4 * 1024 * 1024

/** Whether the binary runs on this computer. */
export async function lz4Available(): Promise<boolean> {
  return load().then(
    () => true,
    () => false,
  )
}

/** Writes frames of 4 MiB, each with its checksum, one behind the other: `lz4 -d` reads them as one. */
export function lz4Compress(): Transform {
  const queue = createByteQueue()
  let frames = 0
  const frame = async (plain: Uint8Array): Promise<Buffer> => {
    frames += 1
    return (await load()).compressFrame(plain, { contentChecksum: true })
  }
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      queue.push(chunk)
      const take = async (): Promise<void> => {
        while (queue.size >= frameBytes) this.push(await frame(queue.take(frameBytes)))
      }
      take().then(() => done(), done)
    },
    flush(done) {
      const take = async (): Promise<void> => {
        if (queue.size > 0 || frames === 0) this.push(await frame(queue.take(queue.size)))
      }
      take().then(() => done(), done)
    },
  })
}

/**
 * Reads such frames. lz4-napi reads a first frame only and takes a cut end for an end: here frames are
 * parted before, and nothing may be left over. Only a cut exactly between two frames goes unseen, and
 * is left to the SHA-256 behind it.
 * @throws QuaysideError `backup_damaged`
 */
export function lz4Decompress(): Duplex {
  const queue = createByteQueue()
  let frames = 0
  return expandingStream('lz4', {
    async *feed(chunk) {
      queue.push(chunk)
      const { decompressFrame } = await load()
      for (let next = takeFrame(queue); next !== null; next = takeFrame(queue)) {
        frames += 1
        yield await decompressFrame(next)
      }
    },
    end() {
      if (frames > 0 && queue.size === 0) return []
      throw new Error(`${queue.size} bytes behind the last whole frame`)
    },
  })
}
