import { Transform } from 'node:stream'
import type { Clock } from '../../ports.ts'

/** How far a stream has come. */
export interface Flow {
  bytes: number
  /** Smoothed over some seconds. */
  bytesPerSecond: number
}

/** Often enough to look alive. */
const beatMs = 250
/** After this time an old rate counts for a third. */
const smoothMs = 4000

/** A stage that tells the bytes that have passed, four times a second while they do, and at the end. */
export function meter(clock: Pick<Clock, 'now'>, tell: (flow: Flow) => void): Transform {
  let bytes = 0
  let rate: number | undefined
  let told = { at: clock.now(), bytes: 0 }

  const beat = (): void => {
    const now = clock.now()
    const passed = now - told.at
    if (passed > 0) {
      const current = ((bytes - told.bytes) * 1000) / passed
      const weight = 1 - Math.exp(-passed / smoothMs)
      rate = rate === undefined ? current : rate + (current - rate) * weight
    }
    // Also where the clock was set back: measured on from there.
    if (passed !== 0) told = { at: now, bytes }
    tell({ bytes, bytesPerSecond: rate ?? 0 })
  }

  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      bytes += chunk.length
      const passed = clock.now() - told.at
      if (passed >= beatMs || passed < 0) beat()
      next(null, chunk)
    },
    flush(done) {
      beat()
      done()
    },
  })
}
