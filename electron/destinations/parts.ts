import type { Readable } from 'node:stream'

/** A piece of content that is sent by itself, and can be sent again. */
export interface Part {
  /** Counted from 1. */
  number: number
  /** Where it begins in the whole. */
  from: number
  bytes: Buffer<ArrayBuffer>
  /** True for the last one, which may be shorter; empty only where all is. */
  last: boolean
}

/**
 * Content in parts of exactly `size` bytes. One part is read ahead, so that the last is known as such:
 * two are in memory, and whoever keeps what it got has more.
 */
export async function* partsOf(content: Readable, size: number): AsyncGenerator<Part> {
  let number = 1
  let from = 0
  let full: Buffer<ArrayBuffer> | null = null
  let filling = Buffer.allocUnsafeSlow(size)
  let filled = 0
  const next = (bytes: Buffer<ArrayBuffer>, last: boolean): Part => {
    const part = { number, from, bytes, last }
    number += 1
    from += bytes.length
    return part
  }
  for await (const chunk of content as AsyncIterable<Buffer>) {
    for (let at = 0; at < chunk.length;) {
      if (filled === size) {
        if (full !== null) yield next(full, false)
        full = filling
        filling = Buffer.allocUnsafeSlow(size)
        filled = 0
      }
      const taken = chunk.copy(filling, filled, at)
      filled += taken
      at += taken
    }
  }
  if (full !== null) yield next(full, false)
  yield next(filling.subarray(0, filled), true)
}

/** A part size for content of about that many bytes, so that it fits into so many parts. */
export function partSizeFor(
  expectedBytes: number | undefined,
  usual: number,
  most: number,
): number {
  // What is expected is a guess: there is room for twice as much.
  const needed = Math.ceil(((expectedBytes ?? 0) * 2) / most)
  const step = 1024 * 1024
  return Math.max(usual, Math.ceil(needed / step) * step)
}
