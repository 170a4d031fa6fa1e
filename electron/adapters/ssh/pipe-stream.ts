import type { Readable, Writable } from 'node:stream'
import { SocketLike } from './socket-like.ts'

/** So long a dying carrier may take to be known as dead after its pipes have closed. */
const verdictMs = 50

/** What lies under a `PipeStream`. */
export interface Pipe {
  readable: Readable
  writable: Writable
  /** Gives the pipe up. */
  stop(): void
  /** Why the connection under it is gone, null while it is there. */
  lost(): Error | null
}

/**
 * The pipes of a program, or a local socket, that another program fills, as a stream that tells the
 * truth: such a pipe ends like a file that was read to its end also when that program dies.
 */
export class PipeStream extends SocketLike {
  readonly #pipe: Pipe

  /** @param allowHalfOpen false ends the stream as soon as the other side has ended its half */
  constructor(pipe: Pipe, allowHalfOpen = true) {
    super({ allowHalfOpen, readableHighWaterMark: 256 * 1024 })
    this.#pipe = pipe
    this.on('error', () => {}) // whoever asked for the stream may not listen yet
    pipe.readable.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) pipe.readable.pause()
    })
    let ended = false
    const end = () => {
      if (ended) return
      ended = true
      setTimeout(() => this.#end(), verdictMs)
    }
    pipe.readable.on('end', end)
    pipe.readable.on('close', end)
    const fail = (error: Error) => setTimeout(() => this.destroy(pipe.lost() ?? error), verdictMs)
    pipe.readable.on('error', fail)
    // A write fails by its own callback.
    pipe.writable.on('error', () => {})
  }

  override _read(): void {
    this.#pipe.readable.resume()
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#pipe.writable.write(chunk, done)
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#pipe.writable.end(() => done())
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#pipe.stop()
    done(error)
  }

  #end(): void {
    if (this.destroyed) return
    const reason = this.#pipe.lost()
    if (reason) this.destroy(reason)
    else this.push(null)
  }
}
