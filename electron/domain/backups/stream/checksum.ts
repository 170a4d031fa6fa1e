import { Transform } from 'node:stream'

/** A stage that lets everything through, and sums it as POSIX's cksum does, which each host has. */
export interface ChecksumStage {
  readonly stage: Transform
  /** Of what has passed. */
  result(): { bytes: number; checksum: number }
}

/** How many bytes are taken at once. */
const width = 8
/** What a byte does to the sum: 256 numbers, then those with a byte of zeros behind it, and so on. */
const table = new Int32Array(width * 256)
for (let byte = 0; byte < 256; byte += 1) {
  let sum = byte << 24
  for (let bit = 0; bit < 8; bit += 1) sum = sum < 0 ? (sum << 1) ^ 0x04c11db7 : sum << 1
  table[byte] = sum
}
for (let place = 256; place < table.length; place += 1) {
  const sum = table[place - 256] ?? 0
  table[place] = (sum << 8) ^ (table[sum >>> 24] ?? 0)
}

/** Sums what passes: a check against what was lost or changed on the way, no proof against malice. */
export function checksum(): ChecksumStage {
  let sum = 0
  let bytes = 0
  return {
    stage: new Transform({
      transform(chunk: Buffer, _encoding, next) {
        sum = add(sum, chunk)
        bytes += chunk.length
        next(null, chunk)
      },
    }),
    result() {
      const length: number[] = []
      for (let rest = bytes; rest > 0; rest = Math.floor(rest / 256)) length.push(rest % 256)
      return { bytes, checksum: ~add(sum, Uint8Array.from(length)) >>> 0 }
    },
  }
}

function add(before: number, bytes: Uint8Array): number {
  const at = (index: number): number => table[index] ?? 0
  const byte = (index: number): number => bytes[index] ?? 0
  let sum = before
  let from = 0
  for (const end = bytes.length - width; from <= end; from += width) {
    const four =
      sum ^ ((byte(from) << 24) | (byte(from + 1) << 16) | (byte(from + 2) << 8) | byte(from + 3))
    sum =
      at(1792 + (four >>> 24)) ^
      at(1536 + ((four >>> 16) & 255)) ^
      at(1280 + ((four >>> 8) & 255)) ^
      at(1024 + (four & 255)) ^
      at(768 + byte(from + 4)) ^
      at(512 + byte(from + 5)) ^
      at(256 + byte(from + 6)) ^
      at(byte(from + 7))
  }
  for (; from < bytes.length; from += 1) sum = (sum << 8) ^ at((sum >>> 24) ^ byte(from))
  return sum
}
