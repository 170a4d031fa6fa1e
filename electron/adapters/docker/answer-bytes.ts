import { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'

/**
 * The bytes of an answer. Where the connection broke in the middle, Node only says "aborted"; the
 * socket knows of what (the link to the host was lost, say), so its error is thrown in that case.
 */
export async function* bytesOf(answer: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const piece of answer) {
      if (!Buffer.isBuffer(piece)) throw new Error('an answer of Docker is read as bytes')
      yield piece
    }
  } catch (thrown) {
    throw answer instanceof IncomingMessage ? (answer.socket.errored ?? thrown) : thrown
  }
}
