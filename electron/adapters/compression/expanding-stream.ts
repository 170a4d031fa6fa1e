import { Duplex } from 'node:stream'
import type { Codec } from '../../../shared/backup-manifest.ts'
import { damagedData } from './damaged.ts'

/** What a decompressor does with bytes as they come; what it throws means that they are damaged. */
export interface Expansion {
  feed(chunk: Uint8Array): AsyncIterable<Uint8Array>
  end(): Iterable<Uint8Array>
}

/**
 * A stage for a decompressor of buffers. A few bytes may become many: after each piece it waits until
 * there is room for the next one.
 * @throws QuaysideError `backup_damaged`
 */
export function expandingStream(codec: Codec, expansion: Expansion): Duplex {
  let room: (() => void) | undefined
  const makeRoom = (): void => {
    room?.()
    room = undefined
  }
  const give = async (chunk: Uint8Array): Promise<void> => {
    for await (const piece of expansion.feed(chunk)) {
      if (outer.destroyed) return
      if (outer.push(piece)) continue
      await new Promise<void>((resolve) => {
        room = resolve
      })
    }
  }
  const outer: Duplex = new Duplex({
    read: makeRoom,
    write(chunk: Buffer, _encoding, done) {
      give(chunk).then(
        () => done(),
        (error: unknown) => done(damagedData(codec, error)),
      )
    },
    final(done) {
      try {
        for (const piece of expansion.end()) outer.push(piece)
        outer.push(null)
        done()
      } catch (error) {
        done(damagedData(codec, error))
      }
    },
    destroy(error, done) {
      makeRoom()
      done(error)
    },
  })
  return outer
}
