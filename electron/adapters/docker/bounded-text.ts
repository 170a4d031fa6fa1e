/** Keeps the beginning and the end of a text of any length. */
export interface BoundedText {
  add(piece: Buffer): void
  /** All of it, or both ends with a line between them that says how much was left out. */
  text(): string
}

/** @param mostBytes kept; one half from the beginning, the other from the end */
export function createBoundedText(mostBytes: number): BoundedText {
  const half = Math.floor(mostBytes / 2)
  let head = Buffer.alloc(0)
  let tail = Buffer.alloc(0)
  let leftOut = 0
  return {
    add(piece) {
      const toHead = piece.subarray(0, half - head.length)
      if (toHead.length > 0) head = Buffer.concat([head, toHead])
      const rest = piece.subarray(toHead.length)
      if (rest.length === 0) return
      const joined = Buffer.concat([tail, rest.subarray(-half)])
      const kept = joined.subarray(-half)
      leftOut += tail.length + rest.length - kept.length
      tail = kept
    },
    text() {
      if (leftOut === 0) return Buffer.concat([head, tail]).toString('utf8')
      const gap = `\n… ${leftOut} bytes left out …\n`
      return head.toString('utf8') + gap + tail.toString('utf8')
    },
  }
}
