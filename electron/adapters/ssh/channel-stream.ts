import { Readable } from 'node:stream'
import type { Channel, ClientChannel } from 'ssh2'
import { SocketLike } from './socket-like.ts'
import { widener } from './wide-window.ts'

/**
 * A channel as a stream that tells the truth. An ssh2 channel ends like a clean end of file when the
 * connection is lost, forgets the error it is destroyed with, and leaves a write unanswered once the
 * other side has closed. This one ends only where the other side said so, and dies with an error
 * otherwise.
 */
export class ChannelStream extends SocketLike {
  readonly #channel: Channel | ClientChannel
  #closed = false
  #pendingWrite: ((error?: Error | null) => void) | null = null

  /**
   * @param allowHalfOpen false ends the stream as soon as the other side has ended its half
   * @param windowBytes how much the other side may send ahead; ssh2's own where left out
   */
  constructor(channel: Channel | ClientChannel, allowHalfOpen = true, windowBytes?: number) {
    super({ allowHalfOpen, readableHighWaterMark: 256 * 1024 })
    this.#channel = channel
    // A link may drop before whoever asked for the stream listens to it: that must not end the app.
    this.on('error', () => {})
    const widen = windowBytes === undefined ? null : widener(channel, windowBytes)
    widen?.()
    channel.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) channel.pause()
      else widen?.()
    })
    channel.on('end', () => {
      if (!this.destroyed) this.push(null)
    })
    channel.on('error', (error: Error) => this.destroy(error))
    channel.once('close', () => this.#onClose())
    if (channel.stderr instanceof Readable) channel.stderr.resume()
  }

  override _read(): void {
    this.#channel.resume()
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    if (this.#closed) return done(closedByHost())
    this.#pendingWrite = done
    this.#channel.write(chunk, (error) => {
      this.#pendingWrite = null
      done(error)
    })
  }

  override _final(done: (error?: Error | null) => void): void {
    if (this.#closed) return done()
    this.#channel.end(() => done())
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#pendingWrite = null
    if (!this.#closed) {
      // Not `end()` first: with writes waiting for the window it would never come to the close.
      this.#channel.close()
      this.#channel.resume()
    }
    done(error)
  }

  /** The other side has closed: what was read stays readable, what waits to be written fails. */
  #onClose(): void {
    this.#closed = true
    if (this.destroyed) return
    const pending = this.#pendingWrite
    this.#pendingWrite = null
    if (pending) pending(closedByHost())
    else if (this.readableEnded) this.destroy()
    else this.once('end', () => this.destroy())
  }
}

function closedByHost(): Error {
  return Object.assign(new Error('The host closed this stream.'), { code: 'EPIPE' })
}
