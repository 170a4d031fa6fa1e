import type { ByteQueue } from '../../../shared/byte-queue.ts'

// https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
const magic = 0x184d2204
const largestBlock = 4 * 1024 * 1024
/** A block's size in the frame; the highest bit says that it is stored as it is. */
const stored = 0x8000_0000
/** Frames written here have one block. A few more are read; a file as one frame is no stream for us. */
const mostBlocks = 8

/**
 * Takes the next whole frame from the front of the queue; null while more bytes are needed.
 * @throws Error for what is no frame, or one of too many blocks
 */
export function takeFrame(queue: ByteQueue): Uint8Array | null {
  const length = frameLength(queue)
  return length === null || length > queue.size ? null : queue.take(length)
}

function frameLength(queue: ByteQueue): number | null {
  if (queue.size < 7) return null
  const head = viewOf(queue.peek(7))
  if (head.getUint32(0, true) !== magic) throw new Error('no frame begins where one should')
  const flags = head.getUint8(4)
  if (flags >> 6 !== 1) throw new Error('a frame of an unknown version')
  const hasContentSize = (flags & 0b1000) !== 0
  const hasDictionary = (flags & 0b1) !== 0
  const blockChecksum = (flags & 0b1_0000) === 0 ? 0 : 4
  const contentChecksum = (flags & 0b100) === 0 ? 0 : 4

  let at = 6 + (hasContentSize ? 8 : 0) + (hasDictionary ? 4 : 0) + 1
  for (let blocks = 0; blocks <= mostBlocks; blocks += 1) {
    if (queue.size < at + 4) return null
    const size = viewOf(queue.peek(at + 4)).getUint32(at, true)
    at += 4
    if (size === 0) return at + contentChecksum
    const bytes = size >= stored ? size - stored : size
    if (bytes > largestBlock) throw new Error('a block is longer than any may be')
    at += bytes + blockChecksum
  }
  throw new Error('a frame of too many blocks')
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
