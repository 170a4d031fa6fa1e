/** Bytes that came in pieces, to be taken in others. Copies each byte once at most. */
export interface ByteQueue {
  /** How many bytes are waiting. */
  readonly size: number
  push(piece: Uint8Array): void
  /**
   * The next bytes; all of them must be there.
   * @param into memory for those that did not come in one piece, if they fit: else they get their own
   */
  take(count: number, into?: Uint8Array): Uint8Array
  /** The next bytes, left where they are. */
  peek(count: number): Uint8Array
}

/** An empty queue. */
export function createByteQueue(): ByteQueue {
  let pieces: Uint8Array[] = []
  let size = 0

  const copy = (count: number, into?: Uint8Array): Uint8Array => {
    if (count > size) throw new RangeError(`${count} bytes wanted, ${size} there`)
    const [first] = pieces
    if (first && first.length >= count) return first.subarray(0, count)
    const fits = into !== undefined && into.length >= count
    const taken = fits ? into.subarray(0, count) : new Uint8Array(count)
    let at = 0
    for (const piece of pieces) {
      if (at === count) break
      const part = piece.subarray(0, count - at)
      taken.set(part, at)
      at += part.length
    }
    return taken
  }

  const drop = (count: number): void => {
    size -= count
    let left = count
    let whole = 0
    for (const piece of pieces) {
      if (piece.length > left) break
      left -= piece.length
      whole += 1
    }
    pieces = pieces.slice(whole)
    const [first] = pieces
    if (first && left > 0) pieces[0] = first.subarray(left)
  }

  return {
    get size() {
      return size
    },
    push(piece) {
      if (piece.length === 0) return
      pieces.push(piece)
      size += piece.length
    },
    take(count, into) {
      const taken = copy(count, into)
      drop(count)
      return taken
    },
    peek: (count) => copy(count),
  }
}
