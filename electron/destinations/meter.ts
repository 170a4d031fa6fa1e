import { pipeline, Transform, type Readable } from 'node:stream'

export interface MeterOptions {
  /** Whether standing still is the destination's doing; told the bytes that wait to be taken. */
  stuck(waiting: number, ended: boolean): boolean
  /** Milliseconds of standing still. */
  afterMs: number
  onStuck(): void
  /**
   * Where less than `leastRate`, bytes per second, moves for twice that time: who gives a byte now and then
   * would never be done. Not watched where left out.
   */
  slow?: { leastRate: number; onSlow(bytes: number, ms: number): void }
  /** The error with which the stream fails in place of its end; null where all is well. */
  atEnd?(bytes: number): Error | null
  /** What is made of the content's own failure. */
  failedWith?(error: Error): unknown
}

/** Content on its way, counted and watched. */
export interface Meter {
  readonly stream: Readable
  bytes(): number
  /** True once the content has come to its regular end. */
  ended(): boolean
  /** What the content itself failed with; undefined while it has not. */
  failure(): Error | undefined
  /** Ends the watch, and the content where it is not at its end. */
  stop(): void
}

/** Passes content on as it is asked for, and keeps none of it. */
export function createMeter(content: Readable, options: MeterOptions): Meter {
  let bytes = 0
  let ended = false
  let moved = performance.now()
  /** Since when, and from which byte on, it has to be fast enough. */
  let paced = { at: moved, bytes }
  const slowMs = 2 * options.afterMs
  const { leastRate = 0, onSlow } = options.slow ?? {}
  const begin = (): void => {
    moved = performance.now()
    paced = { at: moved, bytes }
  }
  let failure: Error | undefined
  const stream = new Transform({
    highWaterMark: 256 * 1024,
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      moved = performance.now()
      if (bytes - paced.bytes >= (leastRate * slowMs) / 1000) paced = { at: moved, bytes }
      done(null, chunk)
    },
    flush(done) {
      const error = options.atEnd?.(bytes) ?? null
      ended = error === null
      begin()
      done(error)
    },
  })
  // Who is to read it may not have begun to: without anybody, an error of a stream ends the program.
  stream.on('error', () => undefined)
  const failed = (error: Error): void => {
    if (stream.destroyed) return
    const made = options.failedWith?.(error) ?? error
    failure = made instanceof Error ? made : error
    stream.destroy(failure)
  }
  content.once('error', failed)
  if (content.errored !== null) failed(content.errored)
  // A source that is gone without its end is a cut, whatever it says.
  content.once('close', () => {
    if (!content.readableEnded && content.errored === null)
      failed(new Error('the content was cut off'))
  })
  pipeline(content, stream, () => undefined)

  const watch = setInterval(
    () => {
      // Time in which there is nothing to wait for does not count.
      const now = performance.now()
      if (!options.stuck(stream.readableLength, ended)) begin()
      else if (now - moved >= options.afterMs) {
        clearInterval(watch)
        options.onStuck()
      } else if (onSlow !== undefined && now - paced.at >= slowMs) {
        clearInterval(watch)
        onSlow(bytes - paced.bytes, now - paced.at)
      }
    },
    Math.min(5_000, Math.max(10, options.afterMs / 4)),
  )
  return {
    stream,
    bytes: () => bytes,
    ended: () => ended,
    failure: () => failure,
    stop() {
      clearInterval(watch)
      if (!ended) stream.destroy()
      content.destroy()
    },
  }
}
