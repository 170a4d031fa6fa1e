import type { Duplex } from 'node:stream'
import { checkServerIdentity, connect, type TLSSocket } from 'node:tls'
import type { SessionTls } from '../engine.ts'

/** “Speak TLS”: how long this is, and a number that is no version of the protocol. */
const request = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])

/**
 * Asks the server at the other end for TLS and checks its certificate. The driver could do it too, but
 * tells of a certificate that is refused only that the connection has ended.
 * @throws Error of Node's with its code; `does not support SSL` where the server declines
 */
export async function overTls(
  stream: Duplex,
  { host, check, authorities }: SessionTls,
  timeoutMs: number,
): Promise<Duplex> {
  const timer = setTimeout(() => stream.destroy(new Error('timeout expired')), timeoutMs)
  try {
    if ((await answer(stream)) !== 'S')
      throw new Error('The server does not support SSL connections')
    const socket = connect({
      socket: stream,
      rejectUnauthorized: check !== 'nothing',
      // Without these, the authorities that Node knows.
      ...(authorities !== null && { ca: authorities }),
      // An address can't be asked for by name (RFC 6066).
      ...(!isAddress(host) && { servername: host }),
      checkServerIdentity: (_name, certificate) =>
        check === 'name' ? checkServerIdentity(host, certificate) : undefined,
    })
    await agreed(socket)
    return socket
  } catch (thrown) {
    stream.destroy()
    throw thrown
  } finally {
    clearTimeout(timer)
  }
}

function isAddress(host: string): boolean {
  return /^[\d.]+$|:/.test(host)
}

/** The one letter that it answers with; what a server says later belongs to TLS. */
function answer(stream: Duplex): Promise<string> {
  return new Promise((resolve, reject) => {
    const settle = (work: () => void): void => {
      stream.off('readable', look).off('error', reject).off('close', closed).off('end', closed)
      work()
    }
    const look = (): void => {
      const byte: unknown = stream.read(1)
      if (Buffer.isBuffer(byte)) settle(() => resolve(byte.toString('latin1')))
    }
    const closed = (): void =>
      settle(() => reject(stream.errored ?? new Error('Connection terminated unexpectedly')))
    stream.on('readable', look).once('error', reject).once('close', closed).once('end', closed)
    stream.write(request)
  })
}

function agreed(socket: TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('secureConnect', resolve).once('error', reject)
    socket.once('close', () => reject(new Error('Connection terminated unexpectedly')))
  })
}
