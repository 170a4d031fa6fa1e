import { Duplex } from 'node:stream'

/**
 * A stream with the methods of a socket that HTTP agents and database drivers call. A channel has no
 * such settings; the methods do nothing. (pg, for one, throws without setNoDelay:
 * https://github.com/brianc/node-postgres/issues/2896)
 */
export abstract class SocketLike extends Duplex {
  setKeepAlive(): this {
    return this
  }
  setNoDelay(): this {
    return this
  }
  setTimeout(): this {
    return this
  }
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }
  destroySoon(): void {
    if (this.writableFinished) this.destroy()
    else this.end(() => this.destroy())
  }
}
