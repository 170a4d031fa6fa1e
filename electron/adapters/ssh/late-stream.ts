import type { Duplex } from 'node:stream'
import { SocketLike } from './socket-like.ts'

/**
 * A stream that can be used before it is open. An `http.Agent` counts a connection only once it has
 * it, so that one whose connections come later opens one for each waiting request and keeps to no
 * `maxSockets`.
 */
export class LateStream extends SocketLike {
  readonly #opening = new AbortController()
  #inner: Duplex | null = null
  #whenOpen: (() => void)[] = []

  constructor(open: (signal: AbortSignal) => Promise<Duplex>, allowHalfOpen: boolean) {
    super({ allowHalfOpen, readableHighWaterMark: 256 * 1024 })
    open(this.#opening.signal).then(
      (inner) => this.#opened(inner),
      (error: Error) => this.destroy(error),
    )
  }

  override _read(): void {
    this.#inner?.resume()
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#once((inner) => inner.write(chunk, done))
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#once((inner) => inner.end(() => done()))
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#opening.abort(error ?? new Error('No longer wanted.'))
    this.#whenOpen = []
    this.#inner?.destroy()
    done(error)
  }

  #once(work: (inner: Duplex) => void): void {
    const inner = this.#inner
    if (inner) work(inner)
    else this.#whenOpen.push(() => this.#inner && work(this.#inner))
  }

  #opened(inner: Duplex): void {
    inner.on('error', (error) => this.destroy(error))
    if (this.destroyed) {
      inner.destroy()
      return
    }
    this.#inner = inner
    inner.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) inner.pause()
    })
    inner.on('end', () => {
      if (!this.destroyed) this.push(null)
    })
    inner.on('close', () => {
      if (this.readableEnded) this.destroy()
      else this.once('end', () => this.destroy())
    })
    for (const work of this.#whenOpen.splice(0)) work()
  }
}
