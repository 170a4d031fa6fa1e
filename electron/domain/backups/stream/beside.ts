import { Transform, type Writable } from 'node:stream'
import { finished } from 'node:stream/promises'

/** A stage of which all that passes goes to a sink as well. */
export interface Beside {
  readonly stage: Transform
  /** When the sink has taken all of it; rejects with what it failed with. */
  readonly finished: Promise<void>
}

/**
 * Lets everything through, no faster than the sink takes it. A sink that fails does not end the stream:
 * where that broke off, who caused it says more of it than who could not read it.
 */
export function beside(sink: Writable): Beside {
  const taken = finished(sink)
  taken.catch(() => undefined)
  const stage = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      if (sink.destroyed || sink.write(chunk)) {
        next(null, chunk)
        return
      }
      const goOn = (): void => {
        sink.off('drain', goOn)
        sink.off('close', goOn)
        next(null, chunk)
      }
      sink.on('drain', goOn)
      sink.on('close', goOn)
    },
    flush(next) {
      sink.end()
      next()
    },
    destroy(error, done) {
      if (error !== null) sink.destroy()
      done(error)
    },
  })
  return { stage, finished: taken }
}
