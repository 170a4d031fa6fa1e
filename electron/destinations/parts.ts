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

/** How many bytes the part of that number, from 1, is to have, that begins at `from`. */
export type PartSize = (number: number, from: number) => number

/**
 * Content in parts of exactly that size. One part is read ahead, so that the last is known as such: two
 * are in memory, and whoever keeps what it got has more.
 */
export async function* partsOf(content: Readable, sizeOf: PartSize): AsyncGenerator<Part> {
  let number = 1
  let from = 0
  let full: Buffer<ArrayBuffer> | null = null
  let filling = Buffer.allocUnsafeSlow(sizeOf(1, 0))
  let filled = 0
  const next = (bytes: Buffer<ArrayBuffer>, last: boolean): Part => {
    const part = { number, from, bytes, last }
    number += 1
    from += bytes.length
    return part
  }
  for await (const chunk of content as AsyncIterable<Buffer>) {
    for (let at = 0; at < chunk.length;) {
      if (filled === filling.length) {
        if (full !== null) yield next(full, false)
        full = filling
        filling = Buffer.allocUnsafeSlow(sizeOf(number + 1, from + full.length))
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

/** What is expected is a guess, and takes no more than this share of the parts. */
const expectedShare = 0.8
/** From there on each part is that share of `most` of all that was sent: seven times as much fits then. */
const growingShare = 0.1
/** Of which some are in memory, bytes. */
const largestPart = 2 ** 30
const MiB = 2 ** 20

/** Rounded up to what parts are counted in. */
function wholeSteps(bytes: number, usual: number): number {
  const step = Math.min(MiB, usual)
  return Math.ceil(bytes / step) * step
}

/**
 * Part sizes with which content fits into `most` parts: all alike for about as many bytes as are expected,
 * or usual ones where nothing is known of it; what goes on beyond that is sent in growing ones.
 */
export function partSizes(
  expectedBytes: number | undefined,
  { usual, most }: { usual: number; most: number },
): PartSize {
  const whole = (bytes: number): number => wholeSteps(bytes, usual)
  const alike = Math.max(usual, whole((expectedBytes ?? 0) / (most * expectedShare)))
  return (number, from) =>
    number <= most * expectedShare
      ? alike
      : Math.min(Math.max(alike, whole(from / (most * growingShare))), Math.max(alike, largestPart))
}

/** As `partSizes`, for who takes none that grow: all alike to the end, with room for twice what is expected. */
export function equalPartSizes(
  expectedBytes: number | undefined,
  { usual, most }: { usual: number; most: number },
): PartSize {
  const alike = Math.max(usual, wholeSteps((2 * (expectedBytes ?? 0)) / most, usual))
  return () => alike
}
